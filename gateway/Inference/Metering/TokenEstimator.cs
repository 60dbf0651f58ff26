using System.Collections.Concurrent;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Estimates how many tokens a prompt has, rather too many than too few: from a count of another model's tokens, by a
/// factor that is learned from what upstreams report; or, where nobody has counted, from its bytes. Every organisation
/// teaches for itself alone, and the factor stays within <see cref="LeastFactor"/> and <see cref="MostFactor"/>. The
/// estimate is exact about nothing: settle by what is reported.
/// </summary>
/// <remarks>
/// Safe to call from many threads; nothing locks but a first report. What was learned ends with the process.
/// </remarks>
public sealed class TokenEstimator
{
    /// <summary>The lowest factor from counted tokens to a model's own that is believed in.</summary>
    public const double LeastFactor = 0.75;

    /// <summary>The highest factor from counted tokens to a model's own that is believed in.</summary>
    public const double MostFactor = 2;

    /// <summary>The factor until something is learned.</summary>
    public const double StartFactor = 1.125;

    /// <summary>The bytes that are taken for a token where nobody has counted.</summary>
    public const int BytesPerToken = 3;

    /// <summary>The number of tokens that an upstream's template puts around a prompt.</summary>
    public const int TemplateTokens = 16;

    /// <summary>
    /// The tokens of an image that is shown to a model: by OpenAI's reckoning 85, and 170 for each of the eight tiles of
    /// the largest.
    /// </summary>
    public const int ImageTokens = 85 + (8 * 170);

    /// <summary>
    /// The number of organisations' models that are learned. Others are estimated as at the start: callers must not be
    /// able to fill the memory.
    /// </summary>
    public const int MostLearned = 16_384;

    private readonly ConcurrentDictionary<(string Org, string Model), TokenFactor> _factors = new();
    private int _count;

    /// <summary>Estimates a prompt by its bytes, in tokens: 1 at least, the context's length at most.</summary>
    public static long ByBytes(long promptBytes, int imageInputs, long contextLength)
    {
        var text = (Math.Clamp(promptBytes, 1, UsageReader.Most) + BytesPerToken - 1) / BytesPerToken;
        return Sum(text, imageInputs, contextLength);
    }

    /// <summary>Estimates a prompt by its counted tokens: 1 at least, the context's length at most.</summary>
    /// <param name="counted">The tokens of the prompt's text by an <see cref="ITokenizer"/>.</param>
    public long ByCount(string org, string model, long counted, int imageInputs, long contextLength)
    {
        var factor = _factors.TryGetValue((org, model), out var known) ? known.Upper : StartFactor;
        var text = (long)Math.Ceiling(Math.Clamp(counted, 1, UsageReader.Most) * factor);
        return Sum(text, imageInputs, contextLength);
    }

    /// <summary>
    /// Takes what an upstream reported for a prompt that had been counted. Reports that say nothing of text are passed
    /// over: without a count, of no tokens, or where images were shown. None moves the factor by more than
    /// <see cref="TokenFactor.LongestStep"/>.
    /// </summary>
    public void Learn(string org, string model, long counted, long reported, int imageInputs = 0)
    {
        if (counted > 0 && reported > 0 && imageInputs is 0 && Of((org, model)) is { } factor)
        {
            factor.Learn(counted, reported);
        }
    }

    private static long Sum(long text, int imageInputs, long contextLength)
    {
        var tokens = text + TemplateTokens + ((long)Math.Max(0, imageInputs) * ImageTokens);
        return Math.Max(1, Math.Min(tokens, contextLength));
    }

    private TokenFactor? Of((string Org, string Model) key)
    {
        if (_factors.TryGetValue(key, out var known))
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > MostLearned)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var fresh = new TokenFactor();
        var held = _factors.GetOrAdd(key, fresh);
        if (held != fresh)
        {
            Interlocked.Decrement(ref _count);
        }

        return held;
    }
}

/// <summary>
/// Is the factor between counted tokens and a model's own that only <see cref="ShareAbove"/> of the prompts exceed. It
/// moves up by a large step at each prompt that exceeds it and down by a small one at each that does not, the two in
/// such proportion that they balance at that share, however the prompts are spread.
/// </summary>
internal sealed class TokenFactor
{
    /// <summary>The most by which one report moves the factor, as a share of it, whatever the report says.</summary>
    public const double LongestStep = 1.0 / 16;

    /// <summary>The share of the prompts, by their weight, that may exceed the estimate.</summary>
    public const double ShareAbove = 0.02;

    // A short prompt is mostly template, and teaches accordingly less.
    private const double FullTokens = 64;

    private double _upper = TokenEstimator.StartFactor;

    /// <summary>Gets the factor to estimate with.</summary>
    public double Upper => Volatile.Read(ref _upper);

    public void Learn(long counted, long reported)
    {
        var weight = Math.Min(1, counted / FullTokens) * LongestStep;
        while (true)
        {
            var upper = Upper;
            var step = reported > (upper * counted) + TokenEstimator.TemplateTokens ? 1 - ShareAbove : -ShareAbove;
            var next = Math.Clamp(upper + (weight * step), TokenEstimator.LeastFactor, TokenEstimator.MostFactor);
            if (Interlocked.CompareExchange(ref _upper, next, upper).Equals(upper))
            {
                return;
            }
        }
    }
}

using System.Collections.Concurrent;

namespace Freeway.Gateway.Inference.Metering;

/// <summary>
/// Estimates how many tokens a prompt has, rather too many than too few, and learns from what upstreams report how
/// dense each model's prompts are. Where a prompt has no more tokens than bytes (one to a byte is the most that
/// tokenisers make), and a template's <see cref="TemplateTokens"/>, its true count is at most
/// <see cref="MostBytesPerToken"/> times the estimate, whatever was learned; images are as good as
/// <see cref="ImageTokens"/> is. It is exact about nothing: settle by what is reported.
/// </summary>
/// <remarks>
/// Safe to call from many threads; nothing locks but a model's first report. It starts anew with the process.
/// </remarks>
public sealed class TokenEstimator
{
    /// <summary>The densest prompt that is believed in.</summary>
    public const int LeastBytesPerToken = 1;

    /// <summary>
    /// The thinnest prompt that is believed in. Also the factor by which a prompt can exceed its estimate.
    /// </summary>
    public const int MostBytesPerToken = 4;

    /// <summary>Until something is learned.</summary>
    public const int StartBytesPerToken = 3;

    /// <summary>What an upstream's template puts around a prompt.</summary>
    public const int TemplateTokens = 16;

    /// <summary>
    /// For an image that is shown to a model: by OpenAI's reckoning 85, and 170 for each of the eight tiles of the
    /// largest.
    /// </summary>
    public const int ImageTokens = 85 + (8 * 170);

    /// <summary>
    /// Models beyond that many are estimated as at the start, and not learned: callers must not be able to fill the
    /// memory.
    /// </summary>
    public const int MostModels = 4096;

    private readonly ConcurrentDictionary<string, PromptDensity> _models = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The tokens to reserve for a prompt: 1 at least, the context's length at most.</summary>
    public long Prompt(string modelId, long promptBytes, int imageInputs, long contextLength)
    {
        var perByte = _models.TryGetValue(modelId, out var known) ? known.Upper : PromptDensity.Start;
        var text = Math.Ceiling(Math.Clamp(promptBytes, 1, UsageReader.Most) * perByte);
        var tokens = (long)text + TemplateTokens + ((long)Math.Max(0, imageInputs) * ImageTokens);
        return Math.Max(1, Math.Min(tokens, contextLength));
    }

    /// <summary>
    /// Takes what an upstream reported for a prompt. Reports that say nothing of text are passed over: without a count,
    /// of no bytes, or where images were shown, which have tokens but no bytes. None moves the estimate by more than
    /// <see cref="PromptDensity.LongestStep"/> tokens per byte.
    /// </summary>
    public void Learn(string modelId, long promptBytes, long promptTokens, int imageInputs = 0)
    {
        if (promptBytes > 0 && promptTokens > 0 && imageInputs is 0 && Of(modelId) is { } density)
        {
            density.Learn(promptBytes, promptTokens);
        }
    }

    private PromptDensity? Of(string modelId)
    {
        if (_models.TryGetValue(modelId, out var known))
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > MostModels)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var fresh = new PromptDensity();
        var held = _models.GetOrAdd(modelId, fresh);
        if (held != fresh)
        {
            Interlocked.Decrement(ref _count);
        }

        return held;
    }
}

/// <summary>
/// How many tokens a byte of one model's prompts has, at the density that only <see cref="ShareAbove"/> of them exceed.
/// It moves up by a large step at each prompt that is denser and down by a small one at each that is not, the two in
/// such proportion that they balance at that share, however the densities are spread.
/// </summary>
internal sealed class PromptDensity
{
    public const double Least = 1.0 / TokenEstimator.MostBytesPerToken;
    public const double Most = 1.0 / TokenEstimator.LeastBytesPerToken;
    public const double Start = 1.0 / TokenEstimator.StartBytesPerToken;

    /// <summary>By how much one report moves it at most, whatever it says, in tokens per byte.</summary>
    public const double LongestStep = 1.0 / 32;

    /// <summary>Of the prompts, by their weight.</summary>
    public const double ShareAbove = 0.02;

    // A short prompt is mostly template, and teaches accordingly less.
    private const double FullBytes = 256;

    private double _upper = Start;

    /// <summary>Tokens per byte to estimate with.</summary>
    public double Upper => Volatile.Read(ref _upper);

    public void Learn(long bytes, long tokens)
    {
        var weight = Math.Min(1, bytes / FullBytes) * LongestStep;
        while (true)
        {
            var upper = Upper;
            var step = tokens > upper * bytes ? 1 - ShareAbove : -ShareAbove;
            var next = Math.Clamp(upper + (weight * step), Least, Most);
            if (Interlocked.CompareExchange(ref _upper, next, upper).Equals(upper))
            {
                return;
            }
        }
    }
}

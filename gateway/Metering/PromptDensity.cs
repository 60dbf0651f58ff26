namespace Freeway.Gateway.Metering;

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

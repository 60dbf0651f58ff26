namespace Freeway.Gateway.Plans;

/// <summary>Bounds on the content of one request; null is no bound.</summary>
public sealed record Caps
{
    public static Caps None { get; } = new();

    public long? OutputTokens { get; init; }

    /// <summary>The most tokens of prompt and completion together.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Gets whether a request's messages may contain images.</summary>
    public bool ImageInput { get; init; } = true;

    /// <summary>The most images that one request may make.</summary>
    public long? Images { get; init; }

    /// <summary>The sizes that may be asked for, e.g. <c>512x512</c>; empty for any.</summary>
    public IReadOnlyList<string> ImageSizes { get; init; } = [];

    /// <summary>The most tokens that one image may cost.</summary>
    public long? ImageTokens { get; init; }

    /// <summary>The narrower of each bound. Two lists of sizes must have one in common.</summary>
    public Caps And(Caps other) => new()
    {
        OutputTokens = Least(OutputTokens, other.OutputTokens),
        ContextTokens = Least(ContextTokens, other.ContextTokens),
        ImageInput = ImageInput && other.ImageInput,
        Images = Least(Images, other.Images),
        ImageSizes = ImageSizes.Count is 0 ? other.ImageSizes : other.ImageSizes.Count is 0 ? ImageSizes : [.. ImageSizes.Intersect(other.ImageSizes)],
        ImageTokens = Least(ImageTokens, other.ImageTokens),
    };

    private static long? Least(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);
}

namespace Freeway.Gateway.Catalogue;

/// <summary>Bounds of a plan on the content of one request to some of its models; all of them where <see cref="Models"/> is left out.</summary>
public sealed record CapsEntry
{
    public IReadOnlyList<string?>? Models { get; init; }

    public long? OutputTokens { get; init; }

    public long? ContextTokens { get; init; }

    public bool? ImageInput { get; init; }

    public long? Images { get; init; }

    public IReadOnlyList<string?>? ImageSizes { get; init; }

    public long? ImageTokens { get; init; }
}

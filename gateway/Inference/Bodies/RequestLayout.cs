namespace Freeway.Gateway.Inference.Bodies;

/// <summary>Where in the body the values stand that may be rewritten.</summary>
internal readonly record struct RequestLayout
{
    /// <summary>The model's value, quotes included; where the request has none, the whole member <c>models</c>.</summary>
    public required Range Model { get; init; }

    /// <summary>Whether the request names its model in <c>models</c> alone, so that <see cref="Model"/> has no member of its own yet.</summary>
    public bool LacksModel { get; init; }

    /// <summary>What is for us alone and has to be taken out, each with a comma that goes with it; in order, apart.</summary>
    public IReadOnlyList<Range> Cuts { get; init; }

    /// <summary>The value of <c>service_tier</c>, where there is one.</summary>
    public Range? ServiceTier { get; init; }

    /// <summary>The whole body's closing brace.</summary>
    public required int Close { get; init; }

    /// <summary>The value of <c>stream_options</c>, where there is one: an object or null.</summary>
    public Range? StreamOptions { get; init; }

    /// <summary>Just behind the opening brace of <c>stream_options</c>, where it is an object.</summary>
    public int? StreamOptionsOpen { get; init; }

    public bool StreamOptionsEmpty { get; init; }

    /// <summary>The value of <c>stream_options.include_usage</c>, where there is one.</summary>
    public Range? IncludeUsage { get; init; }

    /// <summary>Whether the request holds a ceiling that upstreams obey.</summary>
    public bool HasCeiling { get; init; }

    /// <summary>Such a ceiling's value, where it is written as null.</summary>
    public Range? NullCeiling { get; init; }
}

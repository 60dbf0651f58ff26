namespace Freeway.Gateway.Models;

/// <summary>Where a model can be had: the upstream's name and the model's name there.</summary>
public sealed record ModelRoute(string Upstream, string UpstreamModel)
{
    /// <summary>Its share where routes are chosen by weight; null where they are tried in order.</summary>
    public int? Weight { get; init; }

    /// <summary>Prompt and completion together, in tokens; null where it is the model's.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether tools can be called there.</summary>
    public bool Tools { get; init; } = true;

    /// <summary>Whether it looks at images.</summary>
    public bool Vision { get; init; } = true;
}

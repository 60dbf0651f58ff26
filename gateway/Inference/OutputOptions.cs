namespace Freeway.Gateway.Inference;

/// <summary>Holds what is set for callers who declare no ceiling on their output.</summary>
public sealed class OutputOptions
{
    /// <summary>
    /// The smallest ceiling, in tokens, that is set where a caller declares none and its limits or credit cannot hold
    /// more; below it the request is refused. A gift alone goes down to one token. 1 to 65536.
    /// </summary>
    public int LeastCeiling { get; set; } = 256;
}

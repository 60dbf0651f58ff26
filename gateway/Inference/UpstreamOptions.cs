namespace Freeway.Gateway.Inference;

/// <summary>How long an upstream may take.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Until its headers are there. 1 s to 10 min. Front ends cut answers that are idle for 230 s.</summary>
    public TimeSpan FirstByte { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>For the whole answer. 1 s to 1 h; below the host's functionTimeout.</summary>
    public TimeSpan Total { get; set; } = TimeSpan.FromMinutes(9);
}

namespace Freeway.Gateway.Inference.Relays;

public enum RelayEnding
{
    /// <summary>The whole answer went out.</summary>
    Completed,

    /// <summary>The upstream dropped, reported an error or ended too early. If anything was written, abort the connection.</summary>
    UpstreamBroke,

    /// <summary>The upstream was silent for too long. If anything was written, abort the connection.</summary>
    UpstreamTimedOut,

    /// <summary>The caller went away before the end; the upstream was cancelled.</summary>
    CallerGone,
}

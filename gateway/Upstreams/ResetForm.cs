namespace Freeway.Gateway.Upstreams;

/// <summary>How an upstream writes the moment at which a limit is whole again.</summary>
public enum ResetForm
{
    /// <summary>From now on, with or without decimals: <c>33011.38</c>.</summary>
    Seconds,

    /// <summary>From now on: <c>2m59.56s</c>, <c>350ms</c>.</summary>
    GoDuration,

    /// <summary>Since 1970.</summary>
    EpochSeconds,

    /// <summary>Since 1970.</summary>
    EpochMilliseconds,
}

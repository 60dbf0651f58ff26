namespace Freeway.Gateway.Upstreams;

/// <summary>Names the forms in which upstreams write the moment at which a limit is whole again.</summary>
public enum ResetForm
{
    /// <summary>The number of seconds from now on, with or without decimals: <c>33011.38</c>.</summary>
    Seconds,

    /// <summary>A duration from now on as Go writes it: <c>2m59.56s</c>, <c>350ms</c>.</summary>
    GoDuration,

    /// <summary>The number of seconds since 1970.</summary>
    EpochSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMilliseconds,
}

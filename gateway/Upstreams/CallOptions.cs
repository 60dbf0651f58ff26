namespace Freeway.Gateway.Upstreams;

/// <summary>How upstreams are reached. How long they may take to answer stands beside the pipeline.</summary>
public sealed class CallOptions
{
    private bool _allowsPrivate;

    /// <summary>For one try to connect, name look-up and TLS included. 100 ms to 1 min.</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a connection that fails is tried again, before anything of a request has gone out. 0 to 5.
    /// </summary>
    public int ConnectRetries { get; set; } = 2;

    /// <summary>Before the first of those; it doubles from one to the next. 0 to 10 s.</summary>
    public TimeSpan ConnectPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What is believed of a longer <c>Retry-After</c>. 1 s to 31 days.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether upstreams are told the trace of a request that is recorded, as <c>traceparent</c>. They then know which
    /// calls belong together.
    /// </summary>
    public bool SendTrace { get; set; }

    /// <summary>
    /// Whether an upstream's name may lead to a private or link-local address, and whether a proxy may be used.
    /// </summary>
    public bool AllowsPrivate() => _allowsPrivate;

    /// <summary>
    /// Not a setting of this section: <c>Freeway__AllowPrivateUpstreams</c> holds for addresses as they are written,
    /// too.
    /// </summary>
    public CallOptions With(bool allowPrivate)
    {
        _allowsPrivate = allowPrivate;
        return this;
    }
}

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Configures the connections to upstreams. How long an upstream may take to answer is an option of the pipeline.
/// </summary>
public sealed class CallOptions
{
    private bool _allowsPrivate;

    /// <summary>
    /// The longest time that one try to connect may take, name look-up and TLS included. 100 ms to 1 min.
    /// </summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The number of times that a failed connection is tried again, before anything of a request has gone out. 0 to 5.
    /// </summary>
    public int ConnectRetries { get; set; } = 2;

    /// <summary>
    /// The pause before a failed connection is tried again for the first time; it doubles from one try to the next. 0
    /// to 10 s.
    /// </summary>
    public TimeSpan ConnectPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest <c>Retry-After</c> that is believed; a longer one counts as this. 1 s to 31 days.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Sends upstreams the trace of each recorded request, as <c>traceparent</c>. They then know which calls belong
    /// together.
    /// </summary>
    public bool SendTrace { get; set; }

    /// <summary>
    /// Tells whether an upstream's name may lead to a private or link-local address, and whether a proxy may be used.
    /// </summary>
    public bool AllowsPrivate() => _allowsPrivate;

    /// <summary>
    /// Sets what is no setting of this section: <c>Freeway__AllowPrivateUpstreams</c> holds for addresses as they are
    /// written, too.
    /// </summary>
    public CallOptions With(bool allowPrivate)
    {
        _allowsPrivate = allowPrivate;
        return this;
    }
}

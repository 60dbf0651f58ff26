namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>Configures how an instance leases the limits of upstreams' keys. The defaults suit Table Storage.</summary>
public sealed class QuotaLeaseOptions
{
    /// <summary>
    /// The divisor of what is left: beyond what attempts wait for, a block takes at most one part in so many. At least
    /// 2.
    /// </summary>
    public int ShareOf { get; set; } = 4;

    /// <summary>The most attempts that a block is for, beyond those that wait for it. At least 0.</summary>
    public int MostAttempts { get; set; } = 32;

    /// <summary>
    /// The number of tokens that are claimed for an answer without a ceiling. Settling replaces them by the truth.
    /// </summary>
    public int AssumedOutputTokens { get; set; } = 4096;

    /// <summary>The time without an attempt after which a block is given back.</summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The time without an attempt after which a block is given back beside which little is left, so that others may
    /// want it.
    /// </summary>
    public TimeSpan ScarceAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The time for which a row refuses attempts without being read again, where another instance may still give some
    /// back.
    /// </summary>
    public TimeSpan ShortFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time for which a row refuses attempts whose limit is used up, as only a raised limit could help.
    /// </summary>
    public TimeSpan SpentFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time for which a row refuses attempts by a limit on requests at once; those come and go.</summary>
    public TimeSpan BusyFor { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time that an attempt waits for its lease before it goes to another upstream.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The time after which a slot among the requests at once is free again that its instance never gave back. More
    /// than twice the longest attempt.
    /// </summary>
    public TimeSpan ConcurrencyLeaseLasts { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>The time between two looks for idle blocks.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(1);
}

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>How an instance leases an upstream's quota. The defaults suit Table Storage.</summary>
public sealed class QuotaLeaseOptions
{
    /// <summary>
    /// Beyond what attempts wait for, a block takes at most one part in so many of what is left. At least 2.
    /// </summary>
    public int ShareOf { get; set; } = 4;

    /// <summary>How many attempts a block is for at most, beyond those that wait for it. At least 0.</summary>
    public int MostAttempts { get; set; } = 32;

    /// <summary>
    /// How many tokens are claimed for an answer without a ceiling. Settling replaces them by the truth.
    /// </summary>
    public int AssumedOutputTokens { get; set; } = 4096;

    /// <summary>After how long without an attempt a block is given back.</summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// After how long without an attempt a block is given back beside which little is left, so that others may want it.
    /// </summary>
    public TimeSpan ScarceAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a row refuses attempts without being read again, where another instance may still give some back.
    /// </summary>
    public TimeSpan ShortFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a row refuses attempts whose limit is used up, as only a raised limit could help.</summary>
    public TimeSpan SpentFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a row refuses attempts for requests at once, which come and go.</summary>
    public TimeSpan BusyFor { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an attempt waits for its lease before it goes to another upstream.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// After how long a slot among the requests at once is free again that its instance never gave back. More than
    /// twice the longest attempt.
    /// </summary>
    public TimeSpan ConcurrencyLeaseLasts { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How often idle blocks are looked for.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(1);
}

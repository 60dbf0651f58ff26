namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>How an instance leases an upstream's allowance. The defaults suit Table Storage.</summary>
public sealed class QuotaLeaseOptions
{
    /// <summary>
    /// Beyond what is asked for at once, a block takes at most one part in so many of what is left. At least 2.
    /// </summary>
    public int ShareOf { get; set; } = 4;

    /// <summary>The most attempts that a block is for, beyond what is asked for at once. At least 0.</summary>
    public int MostAttempts { get; set; } = 32;

    /// <summary>How many tokens an answer is taken for that has no ceiling; it is settled to what it was.</summary>
    public int UntoldOutput { get; set; } = 4096;

    /// <summary>A block that nothing was taken from for as long is given back.</summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The same where so little is left beside it that others may want it.</summary>
    public TimeSpan ScarceAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long an upstream is passed over by what was last read, where another instance may still give some back.
    /// </summary>
    public TimeSpan ShortFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The same where its window is used up and only a raised limit could help.</summary>
    public TimeSpan SpentFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The same for requests at once, which come and go.</summary>
    public TimeSpan BusyFor { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an attempt waits for its allowance; then it goes elsewhere.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// After how long a place among the requests at once is free again that its instance never gave back. More than
    /// twice the longest attempt.
    /// </summary>
    public TimeSpan PlaceLasts { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How often idle blocks are looked for.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(1);
}

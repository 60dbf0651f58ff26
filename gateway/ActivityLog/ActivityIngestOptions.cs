namespace Freeway.Gateway.ActivityLog;

/// <summary>How long records off the queue wait for storage. The defaults suit a lock of one minute and ten deliveries.</summary>
public sealed class ActivityIngestOptions
{
    /// <summary>
    /// How long one delivery is held while storage is out of reach, before the messages are given back. It must end within
    /// the host's <c>functionTimeout</c> (ten minutes). Ten deliveries of eight minutes outlast an outage of more than an hour;
    /// after that the broker's dead-letter queue still has the records.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>How often the locks of waiting messages are renewed: well within the lock's minute.</summary>
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many orgs are written at once.</summary>
    public int Orgs { get; set; } = 8;
}

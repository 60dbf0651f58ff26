namespace Freeway.Gateway.Ledger;

/// <summary>
/// Stores which instances live, and for which orgs each may hold open reservations, so that recovery need not scan the
/// ledger. Outage stance: every call throws <see cref="IOException"/>; without its row an instance reserves nothing.
/// </summary>
public interface IInstanceStore
{
    /// <summary>Writes a heartbeat; a null ETag creates the row.</summary>
    /// <returns>The new ETag, or null where recovery has claimed the row or removed it.</returns>
    Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation);

    /// <summary>Notes that the instance may hold reservations of the org. Calling it again changes nothing.</summary>
    Task RegisterAsync(string instance, string org, CancellationToken cancellation);

    Task UnregisterAsync(string instance, string org, CancellationToken cancellation);

    /// <summary>Claims a dead instance for recovery. False where it has written a heartbeat meanwhile.</summary>
    Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation);

    /// <summary>Removes the instance's heartbeat. Calling it again changes nothing.</summary>
    Task RemoveAsync(string instance, CancellationToken cancellation);

    Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation);

    Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation);
}

/// <summary>Holds the last heartbeat of one instance.</summary>
/// <param name="Claimed">True once recovery has taken the instance for dead.</param>
public sealed record InstanceHeartbeat(string Instance, DateTimeOffset At, bool Claimed, string ETag)
{
    /// <summary>
    /// Tells whether recovery may finish what the instance left: it is claimed already, or its heartbeat is too old.
    /// </summary>
    public bool IsDead(DateTimeOffset now, TimeSpan staleAfter) => Claimed || now - At > staleAfter;
}

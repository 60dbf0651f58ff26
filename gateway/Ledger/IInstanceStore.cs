namespace Freeway.Gateway.Ledger;

/// <summary>
/// Which instances live, and for which orgs each may hold open reservations: what recovery looks at instead of
/// scanning. Outage stance: every call throws <see cref="IOException"/>; without its row an instance reserves nothing.
/// </summary>
public interface IInstanceStore
{
    /// <summary>Writes a sign of life; a null ETag makes the row.</summary>
    /// <returns>The new ETag, or null where recovery has claimed the row or removed it.</returns>
    Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation);

    /// <summary>Notes that the instance may hold reservations of the org; again is the same.</summary>
    Task RegisterAsync(string instance, string org, CancellationToken cancellation);

    Task UnregisterAsync(string instance, string org, CancellationToken cancellation);

    /// <summary>Takes the instance for dead. False where it has shown life meanwhile.</summary>
    Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation);

    /// <summary>Removes the instance's sign of life; again is the same.</summary>
    Task RemoveAsync(string instance, CancellationToken cancellation);

    Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation);

    Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation);
}

/// <summary>One instance's last sign of life.</summary>
/// <param name="Claimed">True once recovery has taken the instance for dead.</param>
public sealed record InstanceHeartbeat(string Instance, DateTimeOffset At, bool Claimed, string ETag)
{
    /// <summary>True where recovery may finish what the instance left.</summary>
    public bool IsDead(DateTimeOffset now, TimeSpan staleAfter) => Claimed || now - At > staleAfter;
}

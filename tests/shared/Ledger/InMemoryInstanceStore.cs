using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>An instance store that never fails by itself.</summary>
public sealed class InMemoryInstanceStore : IInstanceStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InstanceHeartbeat> _beats = new(StringComparer.Ordinal);
    private readonly HashSet<(string Instance, string Org)> _orgs = [];
    private long _etags;

    public Task<string?> BeatAsync(string instance, DateTimeOffset now, string? etag, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var there = _beats.GetValueOrDefault(instance);
            if (there is { Claimed: true } || (there is null && etag is not null))
            {
                return Task.FromResult<string?>(null);
            }

            // Only the instance itself and recovery write this row: another ETag than the known one is an own write
            // whose answer was lost.
            var beat = new InstanceHeartbeat(instance, now, false, NextETag());
            _beats[instance] = beat;
            return Task.FromResult<string?>(beat.ETag);
        }
    }

    public Task RegisterAsync(string instance, string org, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _orgs.Add((instance, org));
            return Task.CompletedTask;
        }
    }

    public Task UnregisterAsync(string instance, string org, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _orgs.Remove((instance, org));
            return Task.CompletedTask;
        }
    }

    public Task<bool> TryClaimAsync(InstanceHeartbeat beat, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_beats.GetValueOrDefault(beat.Instance)?.ETag != beat.ETag)
            {
                return Task.FromResult(false);
            }

            _beats[beat.Instance] = beat with { Claimed = true, ETag = NextETag() };
            return Task.FromResult(true);
        }
    }

    public Task RemoveAsync(string instance, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _beats.Remove(instance);
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<InstanceHeartbeat>> ListAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<InstanceHeartbeat>>([.. _beats.Values]);
        }
    }

    public Task<IReadOnlyList<string>> OrgsAsync(string instance, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. _orgs.Where(pair => pair.Instance == instance).Select(pair => pair.Org)]);
        }
    }

    /// <summary>Every note of an instance and an org.</summary>
    public IReadOnlyList<(string Instance, string Org)> Registrations()
    {
        lock (_gate)
        {
            return [.. _orgs];
        }
    }

    /// <summary>Keeps what is stored at this moment, to put it back later.</summary>
    public Action Snapshot() => MemorySnapshot.Under(_gate, () => MemorySnapshot.Of(_beats) + MemorySnapshot.Of(_orgs));

    private string NextETag() => $"W/\"{++_etags}\"";
}

using System.Collections.Concurrent;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>A queue that keeps what it accepted, by message id.</summary>
public sealed class InMemoryActivityQueue : IActivityQueue
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ActivityRecord>> _accepted = new(StringComparer.Ordinal);

    public bool Down { get; set; }

    /// <summary>Accepted messages with their repeats, in order.</summary>
    public IReadOnlyDictionary<string, ConcurrentQueue<ActivityRecord>> Accepted => _accepted;

    /// <summary>When set, it decides what becomes of a message.</summary>
    public Func<StoreFate>? Fate { get; set; }

    public Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation)
    {
        var fate = Down ? StoreFate.NeverSent : Fate?.Invoke() ?? StoreFate.Fine;
        if (fate is StoreFate.NeverSent or StoreFate.Busy)
        {
            return Task.FromException(new IOException("The broker does not answer."));
        }

        _accepted.GetOrAdd(id, _ => []).Enqueue(ActivityJson.Read(record.Span));
        return fate is StoreFate.Fine ? Task.CompletedTask : Task.FromException(new IOException("The answer was lost."));
    }
}

using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// A queue between the ledger and the activity: a message stays until it is written, and may be delivered again.
/// </summary>
public sealed class PipeQueue : IActivityQueue, IActivityBacklog
{
    private readonly Lock _gate = new();
    private readonly List<ActivityRecord> _messages = [];

    /// <summary>When set, it decides what becomes of a message.</summary>
    public Func<StoreFate>? Fate { get; set; }

    public bool Down { get; set; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    public Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation)
    {
        var fate = Down ? StoreFate.NeverSent : Fate?.Invoke() ?? StoreFate.Fine;
        if (fate is StoreFate.NeverSent or StoreFate.Busy)
        {
            return Task.FromException(new IOException("The broker does not answer."));
        }

        lock (_gate)
        {
            _messages.Add(ActivityJson.Read(record.Span));
        }

        return fate is StoreFate.Fine ? Task.CompletedTask : Task.FromException(new IOException("The answer was lost."));
    }

    public Task<bool> IsEmptyAsync(CancellationToken cancellation) => Down
        ? Task.FromException<bool>(new IOException("The broker does not answer."))
        : Task.FromResult(Count is 0);

    /// <summary>Writes what is there, at most so many; what cannot be written stays.</summary>
    public async Task DeliverAsync(IActivityStore activity, int most)
    {
        ActivityRecord[] some;
        lock (_gate)
        {
            some = [.. _messages.Take(most)];
        }

        foreach (var org in some.GroupBy(record => record.Org))
        {
            (await activity.AppendAsync(org.Key, [.. org], CancellationToken.None)).ShouldBeEmpty();
        }

        lock (_gate)
        {
            _messages.RemoveRange(0, some.Length);
        }
    }

    /// <summary>Takes one away that nobody will ever write.</summary>
    public ActivityRecord Lose()
    {
        lock (_gate)
        {
            var lost = _messages[0];
            _messages.RemoveAt(0);
            return lost;
        }
    }
}

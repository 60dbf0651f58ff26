using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// A queue between the ledger and the activity: a message stays until it is written, and may be delivered again.
/// </summary>
public sealed class PipeQueue(TimeProvider clock) : IActivityQueue, IActivityBacklog
{
    private readonly Lock _gate = new();
    private readonly List<(ActivityRecord Record, DateTimeOffset At)> _messages = [];

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
            _messages.Add((ActivityJson.Read(record.Span), clock.GetUtcNow()));
        }

        return fate is StoreFate.Fine ? Task.CompletedTask : Task.FromException(new IOException("The answer was lost."));
    }

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Down ? Task.FromException<DateTimeOffset?>(new IOException("The broker does not answer."))
                : Task.FromResult<DateTimeOffset?>(_messages.Count is 0 ? null : _messages[0].At);
        }
    }

    /// <summary>Writes what is there, at most so many; what cannot be written stays.</summary>
    public async Task DeliverAsync(IActivityStore activity, int most)
    {
        (ActivityRecord Record, DateTimeOffset At)[] some;
        lock (_gate)
        {
            some = [.. _messages.Take(most)];
        }

        foreach (var org in some.GroupBy(message => message.Record.Org))
        {
            (await activity.AppendAsync(org.Key, [.. org.Select(message => message.Record)], CancellationToken.None)).ShouldBeEmpty();
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
            var lost = _messages[0].Record;
            _messages.RemoveAt(0);
            return lost;
        }
    }
}

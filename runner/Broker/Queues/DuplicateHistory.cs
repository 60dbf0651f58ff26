using Freeway.Runner.Broker.Journaling;

namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// The MessageIds of the last <paramref name="window"/>, oldest forgotten first. Null remembers none.
/// </summary>
internal sealed class DuplicateHistory(TimeSpan? window)
{
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _byAge = new();

    public int Count => _seen.Count;

    /// <summary>
    /// Remembers an id and returns true, or returns false where it was seen within the window; seeing it again does not
    /// prolong that.
    /// </summary>
    public bool TryAdd(string? messageId, DateTimeOffset now)
    {
        if (window is null || messageId is null)
        {
            return true;
        }

        Forget(now);
        if (_seen.ContainsKey(messageId))
        {
            return false;
        }

        Restore(messageId, now);
        return true;
    }

    /// <summary>Takes over what an earlier process saw.</summary>
    public void Restore(string? messageId, DateTimeOffset seenAt)
    {
        if (window is not null && messageId is not null)
        {
            _seen[messageId] = seenAt;
            _byAge.Enqueue(messageId, seenAt);
        }
    }

    public void Forget(DateTimeOffset now)
    {
        while (_byAge.TryPeek(out var oldest, out var seenAt) && now - seenAt >= window)
        {
            _byAge.Dequeue();
            if (_seen.TryGetValue(oldest, out var last) && last == seenAt)
            {
                _seen.Remove(oldest);
            }
        }
    }

    public IEnumerable<JournalRecord> ToRecords() => _seen.Select(entry =>
        new JournalRecord(JournalRecordKind.Seen, 0) { MessageId = entry.Key, At = entry.Value });
}

namespace Freeway.Runner.Broker.Journaling;

/// <summary>Writes down the changes of a queue. It is called under the queue's lock only.</summary>
internal interface IJournal
{
    void Append(in JournalRecord record);

    /// <summary>
    /// Done when the operating system holds all that was appended before: a killed process loses none of it.
    /// </summary>
    Task Written();
}

/// <summary>
/// A queue whose changes are written down. A journal replays them after a start, and rewrites itself from what lives.
/// </summary>
internal interface IJournaled
{
    /// <summary>Sets the journal that takes changes from now on, once a replay has ended.</summary>
    IJournal Journal { set; }

    void Replay(in JournalRecord record);

    /// <summary>Ends a replay: locks of the earlier process are void.</summary>
    void Recover(DateTimeOffset now);

    /// <summary>Lists everything a successor needs, in an order in which it can be replayed.</summary>
    IReadOnlyList<JournalRecord> ToRecords();
}

/// <summary>Keeps nothing: the queue lives in memory only.</summary>
internal sealed class NoJournal : IJournal
{
    public static readonly NoJournal Instance = new();

    public void Append(in JournalRecord record)
    {
    }

    public Task Written() => Task.CompletedTask;
}

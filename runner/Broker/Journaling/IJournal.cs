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

/// <summary>Keeps nothing: the queue lives in memory only.</summary>
internal sealed class NoJournal : IJournal
{
    public static readonly NoJournal Instance = new();

    public void Append(in JournalRecord record)
    {
    }

    public Task Written() => Task.CompletedTask;
}

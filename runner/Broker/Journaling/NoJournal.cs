namespace Freeway.Runner.Broker.Journaling;

/// <summary>Keeps nothing: the queue lives in memory only.</summary>
internal sealed class NoJournal : IJournal
{
    public static readonly NoJournal Instance = new();

    public void Append(in JournalRecord record)
    {
    }

    public Task Written() => Task.CompletedTask;
}

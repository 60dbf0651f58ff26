using Freeway.Runner.Broker.Queues;

namespace Freeway.Runner.Broker;

/// <summary>Configures the queues that an embedded broker serves, and where it keeps their messages.</summary>
public sealed record BrokerOptions
{
    /// <summary>The TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Gets the folder in which accepted messages are journaled; null keeps them in memory only. Journaled messages
    /// survive the process, however it ends; a failure of the machine's power may take the last moments.
    /// </summary>
    public string? DataFolder { get; init; }

    public required IReadOnlyList<QueueOptions> Queues { get; init; }

    /// <summary>The largest message or batch, in bytes. The default is the limit of the Standard tier.</summary>
    public long MaxMessageBytes { get; init; } = 256 * 1024;

    /// <summary>A queue's journal is rewritten when it is longer than this, in bytes, and mostly dead.</summary>
    public long CompactionBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Throws one <see cref="ArgumentException"/> that names everything that is wrong.</summary>
    internal void Validate()
    {
        var errors = Queues.SelectMany(queue => queue.Errors()).ToList();
        if (Port is < 0 or > 65535)
        {
            errors.Add($"The port {Port} is not between 0 and 65535.");
        }

        errors.AddRange(Queues
            .GroupBy(queue => queue.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"The queue {group.Key} is declared more than once."));
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors));
        }
    }
}

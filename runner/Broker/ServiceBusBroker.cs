using System.Collections.Frozen;
using Freeway.Runner.Broker.Journaling;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Broker.Wire;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker;

/// <summary>
/// A Service Bus namespace in this process, for local use: it speaks AMQP 1.0 on 127.0.0.1 to the real Service Bus
/// client. With a data folder, a message it has accepted survives the process.
/// </summary>
public sealed class ServiceBusBroker : IAsyncDisposable
{
    private readonly FrozenDictionary<string, BrokerQueue> _queues;
    private readonly AmqpListener _listener;
    private readonly FileStream? _folderLock;
    private readonly ILogger _logger;
    private int _stopped;

    private ServiceBusBroker(
        FrozenDictionary<string, BrokerQueue> queues, AmqpListener listener, FileStream? folderLock, ILogger logger)
    {
        _queues = queues;
        _listener = listener;
        _folderLock = folderLock;
        _logger = logger;
    }

    public int Port => _listener.Port;

    /// <summary>
    /// Gets the connection string for <c>new ServiceBusClient(…)</c>. The key is of no account: the broker takes any.
    /// </summary>
    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=local;UseDevelopmentEmulator=true;";

    /// <exception cref="BrokerPortUnavailableException">Somebody else listens on the port.</exception>
    /// <exception cref="IOException">Another broker uses the data folder, or it cannot be written.</exception>
    /// <exception cref="ArgumentException">The options contradict themselves; the message names every
    ///     error.</exception>
    public static async Task<ServiceBusBroker> StartAsync(
        BrokerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        options.Validate();
        var logger = loggers.CreateLogger<ServiceBusBroker>();
        var folderLock = options.DataFolder is { } folder ? LockFolder(folder) : null;
        var queues = new List<BrokerQueue>();
        try
        {
            var tokens = new LockTokens();
            foreach (var queue in options.Queues)
            {
                queues.Add(await BrokerQueue.OpenAsync(
                    queue, options.DataFolder, options.CompactionBytes, tokens, time, logger).ConfigureAwait(false));
            }

            var byName = queues.ToFrozenDictionary(queue => queue.Options.Name, StringComparer.OrdinalIgnoreCase);
            var listener = new AmqpListener(options.Port, new LinkRouter(byName, options.MaxMessageBytes, time, logger), time, logger);
            BrokerLog.Started(logger, string.Join(", ", byName.Keys), listener.Port);
            return new ServiceBusBroker(byName, listener, folderLock, logger);
        }
        catch
        {
            await CloseAsync(queues, folderLock).ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="KeyNotFoundException">There is no such queue.</exception>
    public QueueDepth Depth(string queue) => _queues[queue].Depth();

    /// <summary>
    /// Ends all connections, and returns when everything accepted is written and port and folder are free.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            var port = Port;
            await _listener.DisposeAsync().ConfigureAwait(false);
            await CloseAsync(_queues.Values, _folderLock).ConfigureAwait(false);
            BrokerLog.Stopped(_logger, port);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Counts what the journals of a folder hold, without serving or changing them.</summary>
    /// <returns>
    /// The number of messages that wait for a receiver, and of those among the dead letters; 0 where no broker was.
    /// </returns>
    /// <exception cref="InvalidDataException">A file is no journal.</exception>
    /// <exception cref="IOException">A broker uses the folder, or it cannot be read.</exception>
    public static async Task<(int Waiting, int Dead)> LeftInAsync(string folder, TimeProvider time)
    {
        var (waiting, dead) = (0, 0);
        if (!Directory.Exists(folder))
        {
            return (waiting, dead);
        }

        await using var held = LockFolder(folder);
        foreach (var path in Directory.EnumerateFiles(folder, "*" + BrokerQueue.JournalSuffix))
        {
            var queue = new QueueOptions(Path.GetFileNameWithoutExtension(path));
            var state = new QueueState(queue, new LockTokens(), _ => { });
            await JournalReader.ReplayAsync(path, state).ConfigureAwait(false);
            state.Recover(time.GetUtcNow());
            var depth = state.Depth();
            (waiting, dead) = (waiting + depth.Active + depth.Deferred, dead + depth.DeadLettered);
        }

        return (waiting, dead);
    }

    /// <summary>
    /// Two brokers must not write the same journals. The lock goes with the process, however that ends.
    /// </summary>
    private static FileStream LockFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "broker.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"Another broker uses {folder}.", exception);
        }
    }

    private static async Task CloseAsync(IEnumerable<BrokerQueue> queues, FileStream? folderLock)
    {
        foreach (var queue in queues)
        {
            await queue.DisposeAsync().ConfigureAwait(false);
        }

        if (folderLock is not null)
        {
            await folderLock.DisposeAsync().ConfigureAwait(false);
        }
    }
}

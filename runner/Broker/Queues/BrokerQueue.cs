using Freeway.Runner.Broker.Journaling;
using Freeway.Runner.Broker.Messages;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// A queue at work: its state behind one lock, its journal, its clock, and a pump for each lane. Each task it returns
/// is done when what was asked is safe in the journal.
/// </summary>
internal sealed class BrokerQueue : IAsyncDisposable
{
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly QueueState _state;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LanePump[] _pumps;
    private readonly ITimer _lockTimer;
    private readonly Task _pumping;
    private JournalFile? _file;
    private DateTimeOffset? _timerDue;
    private bool _stopped;

    /// <summary>The end of the name of a journal's file.</summary>
    public const string JournalSuffix = ".journal";

    private BrokerQueue(QueueOptions options, LockTokens tokens, TimeProvider time, ILogger logger)
    {
        Options = options;
        _state = new QueueState(options, tokens, lane => Pump(lane).Wake());
        _time = time;
        _logger = logger;
        _pumps = [new LanePump(this, Lane.Main), new LanePump(this, Lane.DeadLetter)];
        _lockTimer = time.CreateTimer(_ => ExpireLocks(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pumping = Task.WhenAll(_pumps.Select(pump => pump.RunAsync()));
    }

    public QueueOptions Options { get; }

    /// <param name="folder">The folder of the queue's journal; null keeps its messages in memory only.</param>
    /// <param name="compactionBytes">The length beyond which a journal that is mostly dead is rewritten.</param>
    public static async Task<BrokerQueue> OpenAsync(
        QueueOptions options, string? folder, long compactionBytes, LockTokens tokens, TimeProvider time, ILogger logger)
    {
        var queue = new BrokerQueue(options, tokens, time, logger);
        if (folder is not null)
        {
            var path = Path.Combine(folder, Uri.EscapeDataString(options.Name.ToLowerInvariant()) + JournalSuffix);
            try
            {
                queue._file = await JournalFile.OpenAsync(
                    path, queue._state, queue._gate, time, compactionBytes, logger).ConfigureAwait(false);
            }
            catch
            {
                await queue.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        return queue;
    }

    public LanePump Pump(Lane lane) => _pumps[(int)lane];

    public async Task AcceptAsync(IReadOnlyList<IncomingMessage> incoming)
    {
        IReadOnlyList<StoredMessage> accepted;
        Task written;
        lock (_gate)
        {
            ThrowIfStopped();
            accepted = _state.Accept(incoming, _time.GetUtcNow());
            written = _state.Journal.Written();
        }

        await written.ConfigureAwait(false);
        lock (_gate)
        {
            _state.Publish(accepted);
        }
    }

    public bool TryTake(Lane lane, out MessageView delivery)
    {
        lock (_gate)
        {
            delivery = default;
            var taken = !_stopped && _state.TryTake(lane, _time.GetUtcNow(), out delivery);
            SetTimer();
            return taken;
        }
    }

    public IReadOnlyList<MessageView> TakeDeferred(Lane lane, IEnumerable<long> sequences)
    {
        var taken = new List<MessageView>();
        lock (_gate)
        {
            ThrowIfStopped();
            foreach (var sequence in sequences)
            {
                if (_state.TryTakeDeferred(lane, sequence, _time.GetUtcNow(), out var delivery))
                {
                    taken.Add(delivery);
                }
            }

            SetTimer();
        }

        return taken;
    }

    public async Task<SettlementResult> SettleAsync(Guid token, Settlement settlement)
    {
        SettlementResult result;
        Task written;
        lock (_gate)
        {
            ThrowIfStopped();
            result = _state.Settle(token, settlement, _time.GetUtcNow());
            written = _state.Journal.Written();
        }

        await written.ConfigureAwait(false);
        return result;
    }

    /// <summary>Takes back a message that nobody saw.</summary>
    public void Release(Guid token)
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                _state.Settle(token, new Settlement(SettlementKind.Release), _time.GetUtcNow());
            }
        }
    }

    public DateTimeOffset? Renew(Guid token)
    {
        lock (_gate)
        {
            return _state.Renew(token, _time.GetUtcNow());
        }
    }

    public IReadOnlyList<MessageView> Peek(Lane lane, long fromSequence, int count)
    {
        lock (_gate)
        {
            return _state.Peek(lane, fromSequence, count, _time.GetUtcNow());
        }
    }

    public QueueDepth Depth()
    {
        lock (_gate)
        {
            return _state.Depth();
        }
    }

    public void ReportDeliveryFailure(Exception exception) =>
        QueueLog.DeliveryFailed(_logger, exception, Options.Name);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopped = true;
        }

        foreach (var pump in _pumps)
        {
            pump.Stop();
        }

        await _pumping.ConfigureAwait(false);
        await _lockTimer.DisposeAsync().ConfigureAwait(false);
        if (_file is { } file)
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void ThrowIfStopped()
    {
        // The journal is about to be closed: what came now would be promised and not kept.
        if (_stopped)
        {
            throw new OperationCanceledException("The broker is stopping.");
        }
    }

    private void ExpireLocks()
    {
        lock (_gate)
        {
            _timerDue = null;
            if (_stopped)
            {
                return;
            }

            _state.ExpireLocks(_time.GetUtcNow());
            SetTimer();
        }
    }

    /// <summary>
    /// Sets the timer for the next lock that ends. It is called under the queue's lock. The timer may ring early, when
    /// the lock it was set for has ended: then it is set anew.
    /// </summary>
    private void SetTimer()
    {
        if (_timerDue is null && !_stopped && _state.NextLockExpiry is { } next)
        {
            var wait = next - _time.GetUtcNow();
            _timerDue = next;
            _lockTimer.Change(wait < OneMillisecond ? OneMillisecond : wait, Timeout.InfiniteTimeSpan);
        }
    }
}

internal static partial class QueueLog
{
    [LoggerMessage(6, LogLevel.Warning, "A message for {Queue} was refused: {Reason}")]
    public static partial void MessageRefused(ILogger logger, string queue, string reason);

    [LoggerMessage(8, LogLevel.Error, "The queue {Queue} failed to deliver.")]
    public static partial void DeliveryFailed(ILogger logger, Exception exception, string queue);
}

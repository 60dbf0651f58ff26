using Freeway.Runner.Broker.Journaling;
using Freeway.Runner.Broker.Messages;

namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// One queue and its dead letters, as a state machine without clock, thread or file: what is true of every message, and
/// how it changes. Each change that must outlive the process goes to <see cref="Journal"/> in the order in which it
/// happened; <see cref="Replay"/> takes it back. A lock dies with the process, so it is not written down: what was
/// locked is ready again, with the delivery counted.
/// </summary>
internal sealed class QueueState(QueueOptions options, LockTokens tokens, Action<Lane> onReady) : IJournaled
{
    private readonly Dictionary<long, StoredMessage> _messages = [];
    private readonly MessageLocks _locks = new(options.LockDuration, tokens);
    private readonly PriorityQueue<StoredMessage, long>[] _ready = [new(), new()];
    private readonly DuplicateHistory _history = new(options.DuplicateDetectionWindow);
    private long _lastSequence;

    public IJournal Journal { get; set; } = NoJournal.Instance;

    public DateTimeOffset? NextLockExpiry => _locks.NextExpiry;

    /// <summary>
    /// Takes messages in, unseen until <see cref="Publish"/>; those that repeat a MessageId are left out.
    /// </summary>
    public IReadOnlyList<StoredMessage> Accept(IReadOnlyList<IncomingMessage> incoming, DateTimeOffset now)
    {
        var accepted = new List<StoredMessage>(incoming.Count);
        foreach (var one in incoming)
        {
            if (!_history.TryAdd(one.MessageId, now))
            {
                continue;
            }

            var message = new StoredMessage
            {
                Sequence = ++_lastSequence,
                EnqueuedAt = now,
                ExpiresAt = Expiry(one.TimeToLive, now),
                MessageId = one.MessageId,
                Content = one.Content,
                Status = MessageStatus.Pending,
            };
            _messages.Add(message.Sequence, message);
            Journal.Append(JournalRecord.Of(message));
            accepted.Add(message);
        }

        return accepted;
    }

    public void Publish(IReadOnlyList<StoredMessage> accepted)
    {
        foreach (var message in accepted.Where(message => message.Status == MessageStatus.Pending))
        {
            MakeReady(message);
        }
    }

    /// <summary>Locks the oldest message that is ready.</summary>
    public bool TryTake(Lane lane, DateTimeOffset now, out MessageView delivery)
    {
        while (_ready[(int)lane].TryDequeue(out var message, out _))
        {
            if (message.Status != MessageStatus.Ready || message.Lane != lane)
            {
                continue;
            }

            if (message.IsExpired(now))
            {
                Expire(message);
                continue;
            }

            delivery = Lock(message, now);
            return true;
        }

        delivery = default;
        return false;
    }

    /// <summary>Locks a message that was set aside.</summary>
    public bool TryTakeDeferred(Lane lane, long sequence, DateTimeOffset now, out MessageView delivery)
    {
        if (_messages.TryGetValue(sequence, out var message)
            && message.Status == MessageStatus.Deferred && message.Lane == lane)
        {
            delivery = Lock(message, now);
            return true;
        }

        delivery = default;
        return false;
    }

    public SettlementResult Settle(Guid token, Settlement settlement, DateTimeOffset now)
    {
        if (!_locks.TryFind(token, now, out var message))
        {
            return SettlementResult.LockLost;
        }

        if (settlement.Kind == SettlementKind.DeadLetter && message.Lane == Lane.DeadLetter)
        {
            return SettlementResult.NotAllowed;
        }

        // Before the lock is given up: an unreadable message must not be lost between two states.
        var changed = settlement.Changes is { Count: > 0 } changes
            ? MessageContent.With(message.Content, changes)
            : (ReadOnlyMemory<byte>?)null;
        _locks.End(message);
        switch (settlement.Kind)
        {
            case SettlementKind.Complete:
                Remove(message);
                break;
            case SettlementKind.DeadLetter:
                DeadLetter(message, changed ?? message.Content);
                break;
            case SettlementKind.Defer:
                Change(message, changed);
                SetAside(message);
                break;
            case SettlementKind.Abandon:
                Change(message, changed);
                EndDelivery(message);
                break;
            case SettlementKind.Release:
                message.Deliveries--;
                Journal.Append(new JournalRecord(JournalRecordKind.Released, message.Sequence));
                EndDelivery(message);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(settlement));
        }

        return SettlementResult.Done;
    }

    /// <summary>The new end of the lock, or null when it is lost.</summary>
    public DateTimeOffset? Renew(Guid token, DateTimeOffset now)
    {
        if (!_locks.TryFind(token, now, out var message))
        {
            return null;
        }

        _locks.Hold(message, now);
        return message.LockedUntil;
    }

    /// <summary>Frees the messages whose receivers let their lock run out.</summary>
    public void ExpireLocks(DateTimeOffset now)
    {
        while (_locks.TryEndNext(now, out var message))
        {
            EndDelivery(message);
        }
    }

    public IReadOnlyList<MessageView> Peek(Lane lane, long fromSequence, int count, DateTimeOffset now) =>
        [.. _messages.Values
            .Where(message => message.Lane == lane && message.Sequence >= fromSequence
                && message.Status != MessageStatus.Pending && !message.IsExpired(now))
            .OrderBy(message => message.Sequence)
            .Take(count)
            .Select(message => message.View(message.Deliveries))];

    public QueueDepth Depth()
    {
        var main = _messages.Values.Where(message => message.Lane == Lane.Main).ToLookup(message => message.Status);
        var locked = main[MessageStatus.Locked].Count();
        return new QueueDepth(
            main[MessageStatus.Ready].Count() + locked,
            locked,
            main[MessageStatus.Deferred].Count(),
            _messages.Values.Count(message => message.Lane == Lane.DeadLetter));
    }

    /// <summary>Everything a successor needs, in an order in which it can be replayed.</summary>
    public IReadOnlyList<JournalRecord> ToRecords() =>
    [
        new JournalRecord(JournalRecordKind.Sequence, _lastSequence),
        .. _messages.Values.OrderBy(message => message.Sequence).Select(JournalRecord.Of),
        .. _history.ToRecords(),
    ];

    public void Replay(in JournalRecord record)
    {
        _lastSequence = Math.Max(_lastSequence, record.Sequence);
        if (record.Kind == JournalRecordKind.Stored)
        {
            _messages[record.Sequence] = record.ToMessage();
            _history.Restore(record.MessageId, record.At);
            return;
        }

        if (record.Kind == JournalRecordKind.Seen)
        {
            _history.Restore(record.MessageId, record.At);
            return;
        }

        if (!_messages.TryGetValue(record.Sequence, out var message))
        {
            return;
        }

        switch (record.Kind)
        {
            case JournalRecordKind.Delivered:
                message.Deliveries++;
                break;
            case JournalRecordKind.Released:
                message.Deliveries--;
                break;
            case JournalRecordKind.Removed:
                _messages.Remove(message.Sequence);
                break;
            case JournalRecordKind.Changed:
                message.Content = record.Content;
                break;
            case JournalRecordKind.DeadLettered:
                message.Content = record.Content;
                message.Lane = Lane.DeadLetter;
                message.SetAside = false;
                break;
            case JournalRecordKind.Deferred:
                message.SetAside = true;
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Ends a replay: every lock of the earlier process is void, and ids it saw too long ago are forgotten.
    /// </summary>
    public void Recover(DateTimeOffset now)
    {
        _history.Forget(now);
        foreach (var message in _messages.Values)
        {
            EndDelivery(message);
        }
    }

    private MessageView Lock(StoredMessage message, DateTimeOffset now)
    {
        message.Status = MessageStatus.Locked;
        message.Deliveries++;
        _locks.Begin(message, now);
        Journal.Append(new JournalRecord(JournalRecordKind.Delivered, message.Sequence));
        return message.View(message.Deliveries - 1);
    }

    private void EndDelivery(StoredMessage message)
    {
        if (message.SetAside)
        {
            message.Status = MessageStatus.Deferred;
        }
        else if (message.Lane == Lane.Main && message.Deliveries >= options.MaxDeliveryCount)
        {
            DeadLetter(message, MessageContent.With(message.Content, DeadLetterReasons.TooManyDeliveries(options)));
        }
        else
        {
            MakeReady(message);
        }
    }

    private void MakeReady(StoredMessage message)
    {
        message.Status = MessageStatus.Ready;
        _ready[(int)message.Lane].Enqueue(message, message.Sequence);
        onReady(message.Lane);
    }

    private void Change(StoredMessage message, ReadOnlyMemory<byte>? changed)
    {
        if (changed is { } content)
        {
            message.Content = content;
            Journal.Append(new JournalRecord(JournalRecordKind.Changed, message.Sequence) { Content = content });
        }
    }

    private void SetAside(StoredMessage message)
    {
        message.SetAside = true;
        message.Status = MessageStatus.Deferred;
        Journal.Append(new JournalRecord(JournalRecordKind.Deferred, message.Sequence));
    }

    private void DeadLetter(StoredMessage message, ReadOnlyMemory<byte> content)
    {
        message.Content = content;
        message.Lane = Lane.DeadLetter;
        message.SetAside = false;
        Journal.Append(new JournalRecord(JournalRecordKind.DeadLettered, message.Sequence) { Content = content });
        MakeReady(message);
    }

    private void Expire(StoredMessage message)
    {
        if (options.DeadLetterOnExpiry)
        {
            DeadLetter(message, MessageContent.With(message.Content, DeadLetterReasons.Expired));
        }
        else
        {
            Remove(message);
        }
    }

    private void Remove(StoredMessage message)
    {
        message.Status = MessageStatus.Gone;
        _messages.Remove(message.Sequence);
        Journal.Append(new JournalRecord(JournalRecordKind.Removed, message.Sequence));
    }

    private DateTimeOffset? Expiry(TimeSpan? timeToLive, DateTimeOffset now)
    {
        var life = timeToLive < options.DefaultTimeToLive || options.DefaultTimeToLive is null
            ? timeToLive
            : options.DefaultTimeToLive;
        return life is null || life >= DateTimeOffset.MaxValue - now ? null : now + life;
    }
}

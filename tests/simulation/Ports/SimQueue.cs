using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>
/// The broker's queue: a message stays until it is completed, comes again where its lock has run out, is delivered out of
/// order and sometimes twice, and is put aside after ten deliveries.
/// </summary>
public sealed class SimQueue(Scheduler scheduler, Network network, Action<string> touched)
{
    private const int MostDeliveries = 10;
    private static readonly TimeSpan LockLasts = TimeSpan.FromMinutes(1);

    private readonly List<Message> _messages = [];
    private readonly List<Message> _putAside = [];
    private readonly HashSet<string> _accepted = new(StringComparer.Ordinal);

    public int Count => _messages.Count;

    /// <summary>Whether a message of this id was ever in the queue.</summary>
    public bool HasAccepted(string id) => _accepted.Contains(id);

    public int PutAside => _putAside.Count;

    public IActivityQueue SenderOf(SimProcess process) => new Sender(this, process);

    public IActivityBacklog BacklogOf(SimProcess process) => new Backlog(this, process);

    /// <summary>Locks some messages that nobody has locked for a receiver.</summary>
    public IReadOnlyList<IActivityDelivery> Receive(SimProcess receiver, int most)
    {
        if (network.BrokerIsDown)
        {
            return [];
        }

        var free = _messages.Where(message => message.LockedUntil <= scheduler.Now && message.VisibleFrom <= scheduler.Now).ToList();
        var chosen = free.OrderBy(_ => scheduler.Chance.Next()).Take(most).ToList();
        foreach (var message in chosen)
        {
            message.Lock++;
            message.Deliveries++;
            message.LockedUntil = scheduler.Now + LockLasts;
        }

        return [.. chosen.Select(message => new Delivery(this, receiver, message, message.Lock))];
    }

    /// <summary>Sends again what was put aside, as an operator does.</summary>
    public void Replay()
    {
        foreach (var message in _putAside)
        {
            message.Deliveries = 0;
            message.LockedUntil = default;
            _messages.Add(message);
        }

        _putAside.Clear();
    }

    /// <summary>The broker has ended with the process that it is part of: what was locked is free.</summary>
    public void Restart() => _messages.ForEach(message => message.LockedUntil = default);

    /// <summary>Keeps the messages of this moment.</summary>
    /// <returns>Puts them back, as a power cut does with a journal that was not flushed since.</returns>
    public Action Snapshot()
    {
        var (messages, putAside) = (_messages.ConvertAll(message => message.Copy()), _putAside.ConvertAll(message => message.Copy()));
        return () =>
        {
            _messages.Clear();
            _putAside.Clear();
            _messages.AddRange(messages);
            _putAside.AddRange(putAside);
        };
    }

    private bool Accept(string id, ReadOnlyMemory<byte> record)
    {
        touched(id);
        _accepted.Add(id);
        for (var copies = scheduler.Happens(network.Faults.MessageDoubled) ? 2 : 1; copies > 0; copies--)
        {
            var late = scheduler.Happens(network.Faults.MessageDoubled) ? scheduler.Between(0, 60_000) : TimeSpan.Zero;
            if (late > TimeSpan.Zero || !TryJoin(id, record))
            {
                _messages.Add(new Message(id, record) { VisibleFrom = scheduler.Now + late });
            }
        }

        return true;
    }

    /// <summary>Senders put what comes at once into one message: so a message here may hold several records.</summary>
    private bool TryJoin(string id, ReadOnlyMemory<byte> record) =>
        _messages is [.., var last] && last.Deliveries is 0 && last.VisibleFrom <= scheduler.Now && last.TryAdd(id, record);

    private sealed class Message(string id, ReadOnlyMemory<byte> record)
    {
        private const int MostRecords = 4;

        private readonly List<ReadOnlyMemory<byte>> _records = [record];
        private readonly List<string> _ids = [id];

        public string Id => id;

        /// <summary>The ids of its records.</summary>
        public IReadOnlyList<string> Ids => _ids;

        public ReadOnlyMemory<byte> Body => ActivityJson.Group(_records);

        public TimeSpan VisibleFrom { get; init; }

        public TimeSpan LockedUntil { get; set; }

        public int Lock { get; set; }

        public int Deliveries { get; set; }

        /// <summary>The message as it is now, locked by nobody.</summary>
        public Message Copy()
        {
            var copy = new Message(id, record) { VisibleFrom = VisibleFrom, Lock = Lock, Deliveries = Deliveries };
            copy._records.AddRange(_records.Skip(1));
            copy._ids.AddRange(_ids.Skip(1));
            return copy;
        }

        public bool TryAdd(string anotherId, ReadOnlyMemory<byte> another)
        {
            if (_records.Count is MostRecords)
            {
                return false;
            }

            _records.Add(another);
            _ids.Add(anotherId);
            return true;
        }
    }

    private sealed class Sender(SimQueue queue, SimProcess process) : IActivityQueue
    {
        public Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation) =>
            queue.Network.ToBrokerAsync(process, $"send {id}", () => queue.Accept(id, record)).WaitAsync(cancellation);
    }

    private sealed class Backlog(SimQueue queue, SimProcess process) : IActivityBacklog
    {
        public Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
            queue.Network.ToBrokerAsync(process, "peek", () => queue._messages.Count is 0).WaitAsync(cancellation);
    }

    private Network Network => network;

    private Action<string> Touched => touched;

    private sealed class Delivery(SimQueue queue, SimProcess receiver, Message message, int locked) : IActivityDelivery
    {
        public string Id => message.Id;

        public ReadOnlyMemory<byte> Body => message.Body;

        public Task CompleteAsync(CancellationToken cancellation) => SettleAsync("complete", () => queue._messages.Remove(message), cancellation);

        public Task RefuseAsync(string reason, string description, CancellationToken cancellation) => SettleAsync("refuse", PutAside, cancellation);

        public Task RenewAsync(CancellationToken cancellation) =>
            SettleAsync("renew", () => message.LockedUntil = queue.Now + LockLasts, cancellation);

        public Task ReturnAsync(CancellationToken cancellation) => SettleAsync("return", () =>
        {
            message.LockedUntil = default;
            if (message.Deliveries >= MostDeliveries)
            {
                PutAside();
            }
        }, cancellation);

        private void PutAside()
        {
            queue._messages.Remove(message);
            queue._putAside.Add(message);
        }

        private Task SettleAsync(string how, Action settle, CancellationToken cancellation) => queue.Network.ToBrokerAsync(
            receiver, $"{how} {message.Id}", () =>
            {
                if (message.Lock != locked || message.LockedUntil < queue.Now || !queue._messages.Contains(message))
                {
                    throw new IOException("The lock is lost.");
                }

                message.Ids.ToList().ForEach(queue.Touched);
                settle();
                return true;
            }).WaitAsync(cancellation);
    }

    private TimeSpan Now => scheduler.Now;
}

using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;

namespace Freeway.Runner.Tests.Broker;

/// <summary>What a queue should hold, told as plainly as possible: a list, and no journal.</summary>
internal sealed class QueueModel(QueueOptions options)
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, DateTimeOffset> _seen = [];
    private long _sequence;

    public List<string> Shown => [.. _entries.OrderBy(entry => entry.Sequence)
        .Select(entry => $"{entry.Sequence} {entry.Lane} {(entry.Aside ? "aside" : "in line")} x{entry.Deliveries} +{entry.Changes}")];

    public IReadOnlyList<long> Locked =>
        [.. _entries.Where(entry => entry.LockedUntil is not null).Select(entry => entry.Sequence).Order()];

    public IReadOnlyList<long> Deferred(Lane lane) =>
        [.. _entries.Where(entry => entry.Lane == lane && entry.Aside && entry.LockedUntil is null)
            .Select(entry => entry.Sequence).Order()];

    public void Accept(string messageId, DateTimeOffset now)
    {
        if (_seen.TryGetValue(messageId, out var at) && now - at < options.DuplicateDetectionWindow)
        {
            return;
        }

        _seen[messageId] = now;
        _entries.Add(new Entry { Sequence = ++_sequence });
    }

    public long? Take(Lane lane, DateTimeOffset now)
    {
        var first = _entries
            .Where(entry => entry.Lane == lane && !entry.Aside && entry.LockedUntil is null)
            .MinBy(entry => entry.Sequence);
        return Lock(first, now + options.LockDuration);
    }

    public long? TakeDeferred(long sequence, DateTimeOffset now) =>
        Lock(_entries.Single(entry => entry.Sequence == sequence), now + options.LockDuration);

    public void Renew(long sequence, DateTimeOffset now) =>
        _entries.Single(entry => entry.Sequence == sequence).LockedUntil = now + options.LockDuration;

    public void Settle(long sequence, SettlementKind kind, bool changes)
    {
        var entry = _entries.Single(entry => entry.Sequence == sequence);
        if (kind == SettlementKind.DeadLetter && entry.Lane == Lane.DeadLetter)
        {
            return;
        }

        entry.LockedUntil = null;
        entry.Changes += changes ? 1 : 0;
        switch (kind)
        {
            case SettlementKind.Complete:
                _entries.Remove(entry);
                break;
            case SettlementKind.DeadLetter:
                entry.DeadLetter();
                break;
            case SettlementKind.Defer:
                entry.Aside = true;
                break;
            case SettlementKind.Release:
                entry.Deliveries--;
                EndDelivery(entry);
                break;
            default:
                EndDelivery(entry);
                break;
        }
    }

    public void ExpireLocks(DateTimeOffset now)
    {
        foreach (var entry in _entries.Where(entry => entry.LockedUntil <= now))
        {
            entry.LockedUntil = null;
            EndDelivery(entry);
        }
    }

    public void Restart() => ExpireLocks(DateTimeOffset.MaxValue);

    /// <summary>What a restart now would leave.</summary>
    public List<string> ShownAfterRestart()
    {
        var copy = new QueueModel(options);
        copy._entries.AddRange(_entries.Select(entry => entry with { }));
        copy.Restart();
        return copy.Shown;
    }

    private static long? Lock(Entry? entry, DateTimeOffset until)
    {
        if (entry is null)
        {
            return null;
        }

        entry.Deliveries++;
        entry.LockedUntil = until;
        return entry.Sequence;
    }

    private void EndDelivery(Entry entry)
    {
        if (!entry.Aside && entry.Lane == Lane.Main && entry.Deliveries >= options.MaxDeliveryCount)
        {
            entry.DeadLetter();
        }
    }

    private sealed record Entry
    {
        public required long Sequence { get; init; }

        public Lane Lane { get; set; }

        public bool Aside { get; set; }

        public int Deliveries { get; set; }

        public int Changes { get; set; }

        public DateTimeOffset? LockedUntil { get; set; }

        public void DeadLetter()
        {
            Lane = Lane.DeadLetter;
            Aside = false;
        }
    }
}

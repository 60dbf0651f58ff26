using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Journaling;
using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Broker.Wire;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Tests.Broker;

/// <summary>A queue and its model, led through the same steps. A step is a number: what to do, and to what.</summary>
internal sealed class QueueRun
{
    private readonly QueueOptions _options;
    private readonly Dictionary<long, Guid> _tokens = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    private QueueState _queue;
    private int _changes;

    public QueueRun(QueueOptions options)
    {
        _options = options;
        Model = new QueueModel(options);
        _queue = NewQueue();
        _queue.Journal = Journal;
    }

    public QueueModel Model { get; }

    public MemoryJournal Journal { get; private set; } = new();

    public List<string> Queue => Show(_queue);

    public void Step(int step)
    {
        var what = step % 16;
        var which = step / 16;
        switch (what)
        {
            case < 4:
                Accept($"id-{which % 50}");
                break;
            case < 7:
                Take(which % 3 == 0 ? Lane.DeadLetter : Lane.Main);
                break;
            case 7:
                TakeDeferred(which);
                break;
            case < 13:
                Settle((SettlementKind)(what - 8), which);
                break;
            case 13:
                Renew(which);
                break;
            case 14:
                Wait(TimeSpan.FromSeconds(which % 200));
                break;
            default:
                Rewrite();
                break;
        }
    }

    /// <summary>What a successor finds when this much of the journal is left.</summary>
    public List<string> Replay(int length) => Show(ReplayBytes(Journal.Bytes(length)));

    private static List<string> Show(QueueState queue) =>
        [.. new[] { Lane.Main, Lane.DeadLetter }
            .SelectMany(lane => queue.Peek(lane, 0, int.MaxValue, DateTimeOffset.MinValue))
            .OrderBy(view => view.Sequence)
            .Select(view =>
                $"{view.Sequence} {view.Lane} {(view.SetAside ? "aside" : "in line")} x{view.EarlierDeliveries} +{Changes(view)}")];

    private static int Changes(MessageView view)
    {
        using var message = AmqpMessage.CreateInputMessage(
            new BufferListStream([new ArraySegment<byte>(view.Content.ToArray())]));
        message.Deserialize(SectionFlag.All);
        ((ArraySegment<byte>)message.DataBody.Single().Value).ToArray().ShouldBe([1, 2, 3]);
        return message.ApplicationProperties?.Map.Count(
            entry => entry.Key.ToString().StartsWith("change", StringComparison.Ordinal)) ?? 0;
    }

    private static byte[] Content()
    {
        using var message = AmqpMessage.Create(new Data { Value = new ArraySegment<byte>([1, 2, 3]) });
        message.Properties.ContentType = "application/octet-stream";
        return MessageContent.Bytes(message);
    }

    private QueueState NewQueue() => new(_options, new LockTokens(), _ => { });

    private void Accept(string messageId)
    {
        _queue.Publish(_queue.Accept([new IncomingMessage(Content(), messageId, null)], _now));
        Model.Accept(messageId, _now);
    }

    private void Take(Lane lane)
    {
        var expected = Model.Take(lane, _now);
        _queue.TryTake(lane, _now, out var view).ShouldBe(expected is not null);
        Hold(view, expected);
    }

    private void TakeDeferred(int which)
    {
        var lane = which % 2 == 0 ? Lane.Main : Lane.DeadLetter;
        if (Pick(Model.Deferred(lane), which) is { } sequence)
        {
            Model.TakeDeferred(sequence, _now);
            _queue.TryTakeDeferred(lane, sequence, _now, out var view).ShouldBeTrue();
            Hold(view, sequence);
        }
    }

    private void Hold(MessageView view, long? expected)
    {
        if (expected is { } sequence)
        {
            view.Sequence.ShouldBe(sequence);
            _tokens[sequence] = view.LockToken;
        }
    }

    private void Settle(SettlementKind kind, int which)
    {
        if (Pick(Model.Locked, which) is not { } sequence)
        {
            return;
        }

        var changes = kind is not (SettlementKind.Complete or SettlementKind.Release) && which % 2 == 0
            ? new Dictionary<string, object?> { [$"change-{++_changes}"] = which }
            : null;
        var result = _queue.Settle(_tokens[sequence], new Settlement(kind, changes), _now);
        Model.Settle(sequence, kind, changes is not null);
        if (result == SettlementResult.Done)
        {
            _queue.Settle(_tokens[sequence], new Settlement(kind), _now).ShouldBe(SettlementResult.LockLost);
        }
        else
        {
            result.ShouldBe(SettlementResult.NotAllowed);
        }
    }

    private void Renew(int which)
    {
        if (Pick(Model.Locked, which) is { } sequence)
        {
            _queue.Renew(_tokens[sequence], _now).ShouldBe(_now + _options.LockDuration);
            Model.Renew(sequence, _now);
        }
    }

    private void Wait(TimeSpan time)
    {
        _now += time;
        _queue.ExpireLocks(_now);
        Model.ExpireLocks(_now);
    }

    /// <summary>A restart: the journal is replayed and begun anew with what lives.</summary>
    private void Rewrite()
    {
        _queue = ReplayBytes(Journal.Bytes(Journal.Length));
        Model.Restart();
        Journal = new MemoryJournal();
        foreach (var record in _queue.ToRecords())
        {
            Journal.Append(record);
        }

        _queue.Journal = Journal;
    }

    private QueueState ReplayBytes(byte[] journal)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Journal, journal);
        var queue = NewQueue();
        JournalReader.ReplayAsync(folder.Journal, queue).GetAwaiter().GetResult();
        queue.Recover(_now);
        return queue;
    }

    private static long? Pick(IReadOnlyList<long> from, int which) =>
        from.Count == 0 ? null : from[which % from.Count];
}

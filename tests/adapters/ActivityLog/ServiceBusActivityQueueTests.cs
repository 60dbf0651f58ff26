using System.Text;
using Azure.Messaging.ServiceBus;
using Freeway.Adapters.ActivityLog;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.ActivityLog;

public sealed class ServiceBusActivityQueueTests
{
    private readonly ManualTime _clock = new();

    [Fact]
    public async Task Send_WhileOneIsInFlight_GathersTheOthersIntoOneMessage()
    {
        var sender = new ScriptedSender();
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var first = queue.SendAsync("0", Bytes(1), null, default);
        await sending.Task;
        var others = Enumerable.Range(1, 50).Select(i => queue.SendAsync($"{i}", Record(i), null, default)).ToArray();
        others.ShouldAllBe(send => !send.IsCompleted);
        go.SetResult();
        await Task.WhenAll(others.Append(first));

        sender.Sent.Select(batch => batch.Length).ShouldBe([1, 1]);
        sender.Sent.First().ShouldBe(["0"]);
        var group = sender.Bodies[sender.Sent.Last().Single()];
        ActivityJson.Split(group).Select(record => Encoding.UTF8.GetString(record.Span))
            .ShouldBe(Enumerable.Range(1, 50).Select(i => $"{{\"id\":{i}}}"));
    }

    [Fact]
    public async Task Send_MoreThanAGroupHolds_MakesSeveralMessages_WhichTheBatchMayTakeOneByOne()
    {
        var sender = new ScriptedSender(mostPerBatch: 1);
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var first = queue.SendAsync("0", Record(0), null, default);
        await sending.Task;
        var others = Enumerable.Range(1, 100).Select(i => queue.SendAsync($"{i}", Record(i), null, default)).ToArray();
        go.SetResult();
        await Task.WhenAll(others.Append(first));

        sender.Sent.Select(batch => batch.Length).ShouldBe([1, 1, 1]);
        sender.Sent.Select(batch => ActivityJson.Split(sender.Bodies[batch[0]]).Count).ShouldBe([1, 64, 36]);
    }

    [Fact]
    public async Task Send_AGroupAgain_HasTheSameId_AndAnotherGroupOfTheSameFirstRecordHasAnother()
    {
        var same = await SendGroupAsync("1", "2");

        (await SendGroupAsync("1", "2")).ShouldBe(same);
        (await SendGroupAsync("1", "3")).ShouldNotBe(same);
        (await SendGroupAsync("1", "2", "3")).ShouldNotBe(same);
    }

    [Fact]
    public async Task Send_InOneBatch_CarriesEachItsOwnTrace()
    {
        const string One = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        const string Other = "00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var sender = new ScriptedSender();
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var first = queue.SendAsync("0", Bytes(1), null, default);
        await sending.Task;
        Task[] others =
        [
            queue.SendAsync("1", Bytes(1), One, default), queue.SendAsync("2", Bytes(1), Other, default),
            queue.SendAsync("3", Bytes(1), null, default),
        ];
        go.SetResult();
        await Task.WhenAll(others.Append(first));

        sender.Sent.Last().ShouldBe(["1", "2", "3"]);
        sender.Properties["1"].ShouldBe(new Dictionary<string, object> { ["traceparent"] = One, ["Diagnostic-Id"] = One }, ignoreOrder: true);
        sender.Properties["2"]["traceparent"].ShouldBe(Other);
        sender.Properties["3"].ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_MoreThanABatchHolds_GoesOutInSeveral()
    {
        var sender = new ScriptedSender(mostPerBatch: 20);
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var sends = Enumerable.Range(0, 1).Select(i => queue.SendAsync($"{i}", Bytes(1), null, default)).ToList();
        await sending.Task;
        sends.AddRange(Enumerable.Range(1, 45).Select(i => queue.SendAsync($"{i}", Bytes(1), $"trace {i}", default)));
        go.SetResult();
        await Task.WhenAll(sends);

        sender.Sent.Select(batch => batch.Length).ShouldBe([1, 20, 20, 5]);
        sender.Sent.SelectMany(batch => batch).ShouldBe(Enumerable.Range(0, 46).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Send_RecordTooLargeForAnyMessage_FailsAloneAndHoldsUpNoOther()
    {
        var sender = new ScriptedSender(mostBytes: 10);
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var first = queue.SendAsync("0", Bytes(1), null, default);
        await sending.Task;
        var large = queue.SendAsync("large", Bytes(11), null, default);
        var after = queue.SendAsync("after", Bytes(10), null, default);
        go.SetResult();

        (await Should.ThrowAsync<IOException>(large)).Message.ShouldContain("large");
        await Task.WhenAll(first, after);
        sender.Sent.SelectMany(batch => batch).ShouldBe(["0", "after"]);
    }

    [Fact]
    public async Task Send_BrokerRefuses_FailsThoseWhoWaitToo_AndTheNextSendTriesAnew()
    {
        var sender = new ScriptedSender();
        var (sending, go) = (Signal(), Signal());
        sender.Sending = async _ =>
        {
            await Both(sending, go);
            throw new ServiceBusException("down", ServiceBusFailureReason.ServiceCommunicationProblem);
        };
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var first = queue.SendAsync("0", Bytes(1), null, default);
        await sending.Task;
        var waiting = queue.SendAsync("1", Bytes(1), null, default);
        go.SetResult();

        (await Should.ThrowAsync<IOException>(first)).Message.ShouldContain("ServiceCommunicationProblem");
        await Should.ThrowAsync<IOException>(waiting);
        sender.Sending = _ => Task.CompletedTask;
        await queue.SendAsync("1", Bytes(1), null, default);
        sender.Sent.ShouldHaveSingleItem().ShouldBe(["1"]);
    }

    [Fact]
    public async Task Send_BrokerNeverAnswers_FailsWithinTheLimit()
    {
        var sender = new ScriptedSender();
        var opening = Signal();
        sender.Opening = async cancellation =>
        {
            opening.TrySetResult();
            await Signal().Task.WaitAsync(cancellation);
        };
        await using var queue = new ServiceBusActivityQueue(sender, _clock);

        var send = queue.SendAsync("0", Bytes(1), null, default);
        await opening.Task;
        _clock.Advance(ServiceBusActivityQueue.SendLimit);

        (await Should.ThrowAsync<IOException>(send)).Message.ShouldContain("10 s");
    }

    [Fact]
    public async Task Send_CallerLeaves_TheRecordIsSentAllTheSame()
    {
        var sender = new ScriptedSender();
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        var queue = new ServiceBusActivityQueue(sender, _clock);
        using var left = new CancellationTokenSource();

        var send = queue.SendAsync("0", Bytes(1), null, left.Token);
        await sending.Task;
        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(send);
        go.SetResult();
        await queue.DisposeAsync();

        sender.Sent.ShouldHaveSingleItem().ShouldBe(["0"]);
    }

    /// <summary>Sends these at once, while another is under way.</summary>
    private async Task<string> SendGroupAsync(params string[] ids)
    {
        var sender = new ScriptedSender();
        var (sending, go) = (Signal(), Signal());
        sender.Sending = _ => Both(sending, go);
        await using var queue = new ServiceBusActivityQueue(sender, _clock);
        var first = queue.SendAsync("0", Bytes(1), null, default);
        await sending.Task;
        var others = ids.Select(id => queue.SendAsync(id, Bytes(1), null, default)).ToArray();
        go.SetResult();
        await Task.WhenAll(others.Append(first));
        return sender.Sent.Last().Single();
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task Both(TaskCompletionSource reached, TaskCompletionSource go)
    {
        reached.TrySetResult();
        return go.Task;
    }

    private static ReadOnlyMemory<byte> Bytes(int count) => new byte[count];

    private static ReadOnlyMemory<byte> Record(int id) => Encoding.UTF8.GetBytes($"{{\"id\":{id}}}");
}

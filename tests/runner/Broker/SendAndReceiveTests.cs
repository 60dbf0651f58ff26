using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Tests.Shared;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class SendAndReceiveTests
{
    [Fact]
    public async Task Message_SentAlone_ArrivesWhole()
    {
        await using var harness = await StartAsync();
        var sent = new ServiceBusMessage("a body")
        {
            MessageId = "m1",
            CorrelationId = "c1",
            Subject = "s1",
            ContentType = "text/plain",
        };
        sent.ApplicationProperties["number"] = 7;
        await harness.Sender.SendMessageAsync(sent);

        var received = await harness.ReceiveAsync();

        received.Body.ToString().ShouldBe("a body");
        received.MessageId.ShouldBe("m1");
        received.CorrelationId.ShouldBe("c1");
        received.Subject.ShouldBe("s1");
        received.ContentType.ShouldBe("text/plain");
        received.ApplicationProperties["number"].ShouldBe(7);
    }

    [Fact]
    public async Task Message_WhenReceived_CarriesSequenceTimesAndCount()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("first");
        time.Advance(TimeSpan.FromSeconds(5));
        await harness.SendAsync("second");

        var first = await harness.ReceiveAsync();
        var second = await harness.ReceiveAsync();

        first.SequenceNumber.ShouldBe(1);
        second.SequenceNumber.ShouldBe(2);
        first.DeliveryCount.ShouldBe(1);
        (second.EnqueuedTime - first.EnqueuedTime).ShouldBe(TimeSpan.FromSeconds(5));
        second.EnqueuedTime.ShouldBe(time.GetUtcNow());
        second.LockedUntil.ShouldBe(time.GetUtcNow() + TimeSpan.FromSeconds(60));
        second.State.ShouldBe(ServiceBusMessageState.Active);
    }

    [Fact]
    public async Task Batch_Sent_ArrivesInOrder()
    {
        await using var harness = await StartAsync();
        using var batch = await harness.Sender.CreateMessageBatchAsync();
        for (var i = 0; i < 50; i++)
        {
            batch.TryAddMessage(Message($"{i}")).ShouldBeTrue();
        }

        await harness.Sender.SendMessagesAsync(batch);

        (await harness.DrainAsync()).Select(message => message.Body.ToString())
            .ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Receive_OfManyAtOnce_ReturnsAsManyAsAsked()
    {
        await using var harness = await StartAsync();
        await harness.Sender.SendMessagesAsync(Enumerable.Range(0, 10).Select(i => Message($"{i}")));

        (await harness.Receiver.ReceiveMessagesAsync(4, Patience)).Count.ShouldBe(4);
        harness.Depth.ShouldBe(new QueueDepth(10, 4, 0, 0));
    }

    [Fact]
    public async Task Receive_FromAnEmptyQueue_WaitsForTheNextMessage()
    {
        await using var harness = await StartAsync();
        var waiting = harness.ReceiveAsync();
        waiting.IsCompleted.ShouldBeFalse();

        await harness.SendAsync("late");

        (await waiting).Body.ToString().ShouldBe("late");
    }

    [Fact]
    public async Task ReceiveAndDelete_Message_IsGoneOnceReceived()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("once");
        await using var receiver = harness.Client.CreateReceiver(
            Queue, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });

        (await harness.ReceiveAsync(receiver)).Body.ToString().ShouldBe("once");

        await Eventually.BecomesAsync(() => harness.Depth, new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Peek_Messages_TakesNothing()
    {
        await using var harness = await StartAsync();
        await harness.Sender.SendMessagesAsync(Enumerable.Range(0, 3).Select(i => Message($"{i}")));

        var seen = await harness.Receiver.PeekMessagesAsync(10);
        var again = await harness.Receiver.PeekMessagesAsync(10, fromSequenceNumber: 2);
        var beyond = await harness.Receiver.PeekMessagesAsync(10, fromSequenceNumber: 4);

        seen.Select(message => message.Body.ToString()).ShouldBe(["0", "1", "2"]);
        seen[0].DeliveryCount.ShouldBe(0);
        again.Select(message => message.SequenceNumber).ShouldBe([2, 3]);
        beyond.ShouldBeEmpty();
        harness.Depth.ShouldBe(new QueueDepth(3, 0, 0, 0));
    }

    [Fact]
    public async Task Message_LongerThanAFrame_ArrivesWhole()
    {
        await using var harness = await StartAsync();
        var body = new string('x', 200_000);
        await harness.SendAsync(body);

        (await harness.ReceiveAsync()).Body.ToString().ShouldBe(body);
    }

    [Fact]
    public async Task Message_LongerThanTheLimit_IsRefused()
    {
        await using var harness = await StartAsync();

        var refusal = await Should.ThrowAsync<ServiceBusException>(() => harness.SendAsync(new string('x', 300_000)));

        refusal.Reason.ShouldBe(ServiceBusFailureReason.MessageSizeExceeded);
    }

    [Fact]
    public async Task Send_ToAnUnknownQueue_FindsNoEntity()
    {
        await using var harness = await StartAsync();
        await using var sender = harness.Client.CreateSender("nowhere");

        var refusal = await Should.ThrowAsync<ServiceBusException>(() => sender.SendMessageAsync(Message("lost")));

        refusal.Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
    }

    [Fact]
    public async Task Receive_FromAnUnknownQueue_FindsNoEntity()
    {
        await using var harness = await StartAsync();
        await using var receiver = harness.Client.CreateReceiver("nowhere");

        var refusal = await Should.ThrowAsync<ServiceBusException>(() => receiver.ReceiveMessageAsync(Patience));

        refusal.Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
    }

    [Fact]
    public async Task QueueName_InOtherCase_IsTheSameQueue()
    {
        await using var harness = await StartAsync();
        await using var sender = harness.Client.CreateSender("ACTIVITY");
        await sender.SendMessageAsync(Message("hello"));

        (await harness.ReceiveAsync()).Body.ToString().ShouldBe("hello");
    }

    [Fact]
    public async Task Message_ScheduledForLater_IsRefused()
    {
        await using var harness = await StartAsync();
        var message = Message("later");
        message.ScheduledEnqueueTime = DateTimeOffset.MaxValue;

        await Should.ThrowAsync<NotSupportedException>(() => harness.Sender.SendMessageAsync(message));
    }

    [Fact]
    public async Task Session_OnAQueue_IsRefused()
    {
        await using var harness = await StartAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => harness.Client.AcceptNextSessionAsync(Queue));
    }

    [Fact]
    public async Task Message_PastItsTimeToLive_IsDeadLettered()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(new QueueOptions(Queue) { DefaultTimeToLive = TimeSpan.FromMinutes(5) }, time);
        await harness.SendAsync("stale");
        time.Advance(TimeSpan.FromMinutes(5));
        await harness.SendAsync("fresh");

        (await harness.ReceiveAsync()).Body.ToString().ShouldBe("fresh");

        await using var deadLetters = harness.DeadLetters();
        var dead = await harness.ReceiveAsync(deadLetters);
        dead.Body.ToString().ShouldBe("stale");
        dead.DeadLetterReason.ShouldBe("TTLExpiredException");
    }
}

using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Tests.Shared;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class LockTests
{
    [Fact]
    public async Task Lock_ThatRunsOut_GivesTheMessageToTheNext()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("slow");
        await harness.ReceiveAsync();
        var waiting = harness.ReceiveAsync();

        time.Advance(TimeSpan.FromSeconds(60));

        (await waiting).DeliveryCount.ShouldBe(2);
    }

    [Fact]
    public async Task Complete_AfterTheLockRanOut_LosesTheMessage()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("slow");
        var message = await harness.ReceiveAsync();
        time.Advance(TimeSpan.FromSeconds(61));

        var refusal = await Should.ThrowAsync<ServiceBusException>(() => harness.Receiver.CompleteMessageAsync(message));

        refusal.Reason.ShouldBe(ServiceBusFailureReason.MessageLockLost);
        harness.Depth.ShouldBe(new QueueDepth(1, 0, 0, 0));
    }

    [Fact]
    public async Task Complete_OfAMessageAnotherNowHolds_DoesNotTakeItAway()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("slow");
        var first = await harness.ReceiveAsync();
        time.Advance(TimeSpan.FromSeconds(61));
        await using var other = harness.Client.CreateReceiver(Queue);
        var second = await harness.ReceiveAsync(other);

        await Should.ThrowAsync<ServiceBusException>(() => harness.Receiver.CompleteMessageAsync(first));
        await other.CompleteMessageAsync(second);

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Renew_Lock_KeepsTheMessage()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("slow");
        var message = await harness.ReceiveAsync();
        time.Advance(TimeSpan.FromSeconds(50));
        await harness.Receiver.RenewMessageLockAsync(message);
        message.LockedUntil.ShouldBe(time.GetUtcNow() + TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(50));

        await harness.Receiver.CompleteMessageAsync(message);

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Renew_OfALostLock_IsRefused()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        await harness.SendAsync("slow");
        var message = await harness.ReceiveAsync();
        time.Advance(TimeSpan.FromSeconds(61));

        var refusal = await Should.ThrowAsync<ServiceBusException>(() => harness.Receiver.RenewMessageLockAsync(message));

        refusal.Reason.ShouldBe(ServiceBusFailureReason.MessageLockLost);
    }

    [Fact]
    public async Task Message_WhoseLockRunsOutTooOften_IsDeadLettered()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(new QueueOptions(Queue) { MaxDeliveryCount = 2 }, time);
        await harness.SendAsync("crashes its reader");
        for (var i = 0; i < 2; i++)
        {
            await harness.ReceiveAsync();
            time.Advance(TimeSpan.FromSeconds(61));
        }

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 1));
    }

    [Fact]
    public async Task Receiver_ThatClosesWithMessagesPrefetched_HandsThemBack()
    {
        await using var harness = await StartAsync();
        await harness.Sender.SendMessagesAsync(Enumerable.Range(0, 5).Select(i => Message($"{i}")));
        await using (var greedy = harness.Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { PrefetchCount = 5 }))
        {
            await greedy.CompleteMessageAsync(await harness.ReceiveAsync(greedy));
        }

        var rest = await harness.DrainAsync();

        rest.Select(message => message.Body.ToString()).ShouldBe(["1", "2", "3", "4"]);
        rest.ShouldAllBe(message => message.DeliveryCount == 1);
    }
}

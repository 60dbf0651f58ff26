using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class SettlementTests
{
    [Fact]
    public async Task Complete_Message_RemovesIt()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("done");

        await harness.Receiver.CompleteMessageAsync(await harness.ReceiveAsync());

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Abandon_WithProperties_ComesBackChangedAndCounted()
    {
        await using var harness = await StartAsync();
        var message = Message("again");
        message.ApplicationProperties["kept"] = "yes";
        message.ApplicationProperties["attempt"] = 0;
        await harness.Sender.SendMessageAsync(message);

        await harness.Receiver.AbandonMessageAsync(
            await harness.ReceiveAsync(), new Dictionary<string, object> { ["attempt"] = 1, ["why"] = "busy" });
        var back = await harness.ReceiveAsync();

        back.Body.ToString().ShouldBe("again");
        back.DeliveryCount.ShouldBe(2);
        back.ApplicationProperties["kept"].ShouldBe("yes");
        back.ApplicationProperties["attempt"].ShouldBe(1);
        back.ApplicationProperties["why"].ShouldBe("busy");
    }

    [Fact]
    public async Task Abandon_Message_KeepsItsPlace()
    {
        await using var harness = await StartAsync();
        await harness.Sender.SendMessagesAsync([Message("first"), Message("second")]);

        await harness.Receiver.AbandonMessageAsync(await harness.ReceiveAsync());

        (await harness.ReceiveAsync()).Body.ToString().ShouldBe("first");
    }

    [Fact]
    public async Task DeadLetter_WithReason_IsReceivedFromTheSubQueue()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("{ broken");
        await harness.Receiver.DeadLetterMessageAsync(
            await harness.ReceiveAsync(),
            new Dictionary<string, object> { ["seen-by"] = "test" },
            "UnreadableRecord",
            "It is no JSON.");
        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 1));

        await using var deadLetters = harness.DeadLetters();
        var dead = await harness.ReceiveAsync(deadLetters);

        dead.Body.ToString().ShouldBe("{ broken");
        dead.DeadLetterReason.ShouldBe("UnreadableRecord");
        dead.DeadLetterErrorDescription.ShouldBe("It is no JSON.");
        dead.ApplicationProperties["seen-by"].ShouldBe("test");
        dead.DeadLetterSource.ShouldBe(Queue);
        await deadLetters.CompleteMessageAsync(dead);
        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task DeadLetter_OfADeadLetter_IsRefused()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("bad");
        await harness.Receiver.DeadLetterMessageAsync(await harness.ReceiveAsync());
        await using var deadLetters = harness.DeadLetters();
        var dead = await harness.ReceiveAsync(deadLetters);

        await Should.ThrowAsync<InvalidOperationException>(() => deadLetters.DeadLetterMessageAsync(dead));
    }

    [Fact]
    public async Task Message_AbandonedTooOften_IsDeadLettered()
    {
        await using var harness = await StartAsync(new QueueOptions(Queue) { MaxDeliveryCount = 3 });
        await harness.SendAsync("poison");
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            var message = await harness.ReceiveAsync();
            message.DeliveryCount.ShouldBe(delivery);
            await harness.Receiver.AbandonMessageAsync(message);
        }

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 1));
        await using var deadLetters = harness.DeadLetters();
        var dead = await harness.ReceiveAsync(deadLetters);
        dead.DeadLetterReason.ShouldBe("MaxDeliveryCountExceeded");
        dead.DeadLetterErrorDescription.ShouldContain("3");
    }

    [Fact]
    public async Task DeadLetter_AbandonedOften_Stays()
    {
        await using var harness = await StartAsync(new QueueOptions(Queue) { MaxDeliveryCount = 1 });
        await harness.SendAsync("bad");
        await harness.Receiver.AbandonMessageAsync(await harness.ReceiveAsync());
        await using var deadLetters = harness.DeadLetters();
        for (var i = 0; i < 3; i++)
        {
            await deadLetters.AbandonMessageAsync(await harness.ReceiveAsync(deadLetters));
        }

        harness.Depth.DeadLettered.ShouldBe(1);
    }

    [Fact]
    public async Task Defer_Message_IsReceivedByItsNumberOnly()
    {
        await using var harness = await StartAsync();
        await harness.Sender.SendMessagesAsync([Message("aside"), Message("next")]);
        var aside = await harness.ReceiveAsync();
        await harness.Receiver.DeferMessageAsync(aside, new Dictionary<string, object> { ["until"] = "later" });

        (await harness.ReceiveAsync()).Body.ToString().ShouldBe("next");
        harness.Depth.ShouldBe(new QueueDepth(1, 1, 1, 0));
        var fetched = await harness.Receiver.ReceiveDeferredMessageAsync(aside.SequenceNumber);

        fetched.Body.ToString().ShouldBe("aside");
        fetched.State.ShouldBe(ServiceBusMessageState.Deferred);
        fetched.ApplicationProperties["until"].ShouldBe("later");
        await harness.Receiver.CompleteMessageAsync(fetched);
        harness.Depth.Deferred.ShouldBe(0);
        (await Should.ThrowAsync<ServiceBusException>(
            () => harness.Receiver.ReceiveDeferredMessageAsync(aside.SequenceNumber)))
            .Reason.ShouldBe(ServiceBusFailureReason.MessageNotFound);
    }

    [Fact]
    public async Task Complete_ThroughAnotherReceiver_Works()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("handed over");
        await using var first = harness.Client.CreateReceiver(Queue);
        var message = await harness.ReceiveAsync(first);

        // Without the delivery on its link, the client asks for it by the lock token.
        await harness.Receiver.CompleteMessageAsync(message);

        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task DeadLetter_ThroughAnotherReceiver_KeepsItsReason()
    {
        await using var harness = await StartAsync();
        await harness.SendAsync("handed over");
        await using var first = harness.Client.CreateReceiver(Queue);
        var message = await harness.ReceiveAsync(first);

        await harness.Receiver.DeadLetterMessageAsync(message, "Reason", "Description");

        await using var deadLetters = harness.DeadLetters();
        var dead = await harness.ReceiveAsync(deadLetters);
        dead.DeadLetterReason.ShouldBe("Reason");
        dead.DeadLetterErrorDescription.ShouldBe("Description");
    }
}

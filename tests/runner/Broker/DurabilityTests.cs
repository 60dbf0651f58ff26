using System.Collections.Concurrent;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Messages_AfterARestart_AreAllThereOnce()
    {
        using var folder = new TemporaryFolder();
        await using (var before = await StartAsync(folder: folder.Path))
        {
            await before.Sender.SendMessagesAsync(Enumerable.Range(0, 6).Select(i => Message($"{i}", $"id-{i}")));
            await before.Receiver.CompleteMessageAsync(await before.ReceiveAsync());
            await before.Receiver.AbandonMessageAsync(
                await before.ReceiveAsync(), new Dictionary<string, object> { ["touched"] = true });
            var messages = await before.Receiver.ReceiveMessagesAsync(3, Patience);
            await before.Receiver.DeadLetterMessageAsync(messages.Single(message => message.SequenceNumber == 3), "Bad", "It is.");
            await before.Receiver.DeferMessageAsync(messages.Single(message => message.SequenceNumber == 4));
        }

        await using var after = await StartAsync(folder: folder.Path);

        after.Depth.ShouldBe(new QueueDepth(3, 0, 1, 1));
        var second = await after.ReceiveAsync();
        second.Body.ToString().ShouldBe("1");
        second.ApplicationProperties["touched"].ShouldBe(true);
        await using var deadLetters = after.DeadLetters();
        (await after.ReceiveAsync(deadLetters)).DeadLetterReason.ShouldBe("Bad");
        await after.Receiver.CompleteMessageAsync(second);
        var deferred = await after.Receiver.ReceiveDeferredMessageAsync(4);
        deferred.Body.ToString().ShouldBe("3");
        await after.Receiver.CompleteMessageAsync(deferred);
        await after.SendAsync("new", "new");
        (await after.DrainAsync()).Select(message => message.SequenceNumber).ShouldBe([5, 6, 7]);
    }

    [Fact]
    public async Task DeliveryCounts_AfterKills_GoOnToTheDeadLetterQueue()
    {
        var folder = new TemporaryFolder();
        var options = new QueueOptions(Queue) { MaxDeliveryCount = 3 };
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            await using var harness = await StartAsync(options, folder: folder.Path);
            if (delivery == 1)
            {
                await harness.SendAsync("kills its reader");
            }

            (await harness.ReceiveAsync()).DeliveryCount.ShouldBe(delivery);

            // A completed write later, the record of the delivery is in the file too.
            await harness.SendAsync("more", $"more-{delivery}");
            using var left = folder;
            folder = folder.CopyJournal();
        }

        await using var last = await StartAsync(options, folder: folder.Path);
        last.Depth.DeadLettered.ShouldBe(1);
        folder.Dispose();
    }

    [Fact]
    public async Task DuplicateHistory_AfterAKill_StillHolds()
    {
        using var folder = new TemporaryFolder();
        await using var harness = await StartAsync(folder: folder.Path);
        await harness.SendAsync("completed", "1");
        await harness.DrainAsync();
        await harness.SendAsync("waiting", "2");
        using var left = folder.CopyJournal();

        await using var after = await StartAsync(folder: left.Path);
        await after.SendAsync("again", "1");
        await after.SendAsync("again", "2");

        (await after.DrainAsync()).ShouldHaveSingleItem().Body.ToString().ShouldBe("waiting");
    }

    [Fact]
    public async Task DuplicateHistory_AfterTheJournalIsRewritten_StillHolds()
    {
        using var folder = new TemporaryFolder();
        await using (var before = await StartAsync(folder: folder.Path))
        {
            await before.SendAsync("completed", "1");
            await before.DrainAsync();
        }

        await using (await StartAsync(folder: folder.Path))
        {
        }

        await using var after = await StartAsync(folder: folder.Path);
        await after.SendAsync("again", "1");

        after.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    /// <summary>
    /// The journal is copied while senders and receivers are at work, as a kill would leave it. What was acknowledged
    /// before the copy began is in it, or was received; what was completed before is not in it.
    /// </summary>
    [Fact]
    public async Task Kill_WhileSendersAndReceiversWork_LosesNothingAcknowledged()
    {
        using var folder = new TemporaryFolder();
        await using var harness = await StartAsync(folder: folder.Path);
        var acknowledged = new ConcurrentDictionary<string, bool>();
        var completing = new ConcurrentDictionary<string, bool>();
        var completed = new ConcurrentDictionary<string, bool>();
        using var stop = new CancellationTokenSource();
        var enough = new TaskCompletionSource();
        var senders = Enumerable.Range(0, 4).Select(sender => SendAsync(sender)).ToArray();
        var receiving = ReceiveAsync();
        await enough.Task.WaitAsync(Patience);

        string[] sentBefore = [.. acknowledged.Keys];
        string[] completedBefore = [.. completed.Keys];
        using var left = folder.CopyJournal();
        string[] completingAfter = [.. completing.Keys];
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await harness.SendAsync("ends the receiver's wait", "last");
        await receiving;

        await using var after = await StartAsync(folder: left.Path);
        var survivors = (await after.DrainAsync()).Select(message => message.MessageId).ToList();
        survivors.ShouldBeUnique();
        sentBefore.Except(survivors).Except(completingAfter).ShouldBeEmpty();
        survivors.Intersect(completedBefore).ShouldBeEmpty();

        async Task SendAsync(int sender)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var id = $"{sender}-{i}";
                await harness.SendAsync("body", id);
                acknowledged[id] = true;
                if (acknowledged.Count > 500 && completed.Count > 100)
                {
                    enough.TrySetResult();
                }
            }
        }

        async Task ReceiveAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var message in await harness.Receiver.ReceiveMessagesAsync(5, Patience))
                {
                    completing[message.MessageId] = true;
                    await harness.Receiver.CompleteMessageAsync(message);
                    completed[message.MessageId] = true;
                }
            }
        }
    }

    [Fact]
    public async Task Journal_TornAnywhereInItsLastRecord_KeepsTheRest()
    {
        using var folder = new TemporaryFolder();
        long whole;
        await using (var before = await StartAsync(folder: folder.Path))
        {
            await before.Sender.SendMessagesAsync([Message("one", "1"), Message("two", "2")]);
            whole = new FileInfo(folder.Journal).Length;
            await before.SendAsync("three", "3");
        }

        var full = await File.ReadAllBytesAsync(folder.Journal);
        for (var length = whole; length < full.Length; length += 7)
        {
            using var torn = new TemporaryFolder();
            await File.WriteAllBytesAsync(torn.Journal, full[..(int)length]);
            await using var after = await StartAsync(folder: torn.Path);
            after.Depth.Active.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Journal_WithGarbageAtItsEnd_KeepsTheRestAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        await using (var before = await StartAsync(folder: folder.Path))
        {
            await before.SendAsync("one", "1");
        }

        await File.AppendAllBytesAsync(folder.Journal, [40, 0, 0, 0, .. new byte[60]]);
        var damaged = await File.ReadAllBytesAsync(folder.Journal);
        await using (var after = await StartAsync(folder: folder.Path))
        {
            await after.SendAsync("two", "2");
        }

        (await File.ReadAllBytesAsync(folder.Journal + ".torn")).ShouldBe(damaged);
        await using var last = await StartAsync(folder: folder.Path);
        (await last.DrainAsync()).Select(message => message.Body.ToString()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task File_ThatIsNoJournal_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Journal, "somebody's notes");

        await Should.ThrowAsync<InvalidDataException>(() => StartAsync(folder: folder.Path));

        (await File.ReadAllTextAsync(folder.Journal)).ShouldBe("somebody's notes");
    }

    [Fact]
    public async Task Journal_ThatIsMostlyDead_IsRewrittenWhileTheBrokerRuns()
    {
        using var folder = new TemporaryFolder();
        await using var harness = await StartAsync(new BrokerOptions
        {
            Queues = [new QueueOptions(Queue) { DuplicateDetectionWindow = null }],
            DataFolder = folder.Path,
            CompactionBytes = 20_000,
        });
        await harness.SendAsync("stays");
        var stays = await harness.ReceiveAsync();
        for (var i = 0; i < 100; i++)
        {
            await harness.SendAsync(new string('x', 1000));
            await harness.Receiver.CompleteMessageAsync(await harness.ReceiveAsync());
        }

        new FileInfo(folder.Journal).Length.ShouldBeLessThan(25_000);
        await harness.Receiver.AbandonMessageAsync(stays);
        using var left = folder.CopyJournal();
        await using var after = await StartAsync(folder: left.Path);
        (await after.DrainAsync()).ShouldHaveSingleItem().Body.ToString().ShouldBe("stays");
    }
}

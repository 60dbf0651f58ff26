using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Tests.Broker;
using Freeway.Runner.Tests.Hosting.Samples;
using Freeway.Tests.Shared;

namespace Freeway.Runner.Tests.Hosting;

public sealed class QueueTests
{
    private static readonly QueueDepth Empty = new(Active: 0, Locked: 0, Deferred: 0, DeadLettered: 0);

    [Fact]
    public async Task Batch_OfManyMessages_ComesInBatchesNoLargerThanTheHostFileSays()
    {
        await using var broker = await BrokerHarness.StartAsync();
        foreach (var i in Enumerable.Range(1, 7))
        {
            await broker.SendAsync($"m{i}");
        }

        await using var app = await StartAsync<QueueSamples.Batch>(broker, new HostFile { MaxMessageBatchSize = 3 });
        var seen = new List<string>();
        while (seen.Count < 7)
        {
            var parts = (await app.Notebook.NextAsync()).Split(' ');
            (parts.Length - 1).ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(parts[1..]);
        }

        seen.ShouldBe(Enumerable.Range(1, 7).Select(i => $"m{i}"));
        await Eventually.BecomesAsync(() => broker.Depth, Empty);
    }

    [Fact]
    public async Task Batch_WhoseFunctionThrows_ComesAgain()
    {
        await using var broker = await BrokerHarness.StartAsync();
        await broker.SendAsync("once more");
        await using var app = await StartAsync<QueueSamples.Batch>(broker, new HostFile(), new Notebook { FailuresToCome = 2 });

        (await app.Notebook.NextAsync()).ShouldBe("1: once more");
        await Eventually.BecomesAsync(() => broker.Depth, Empty);
        app.Log.Lines.Count(line => line.StartsWith("Batch failed")).ShouldBe(2);
    }

    [Fact]
    public async Task Single_Messages_AreEachCompleted()
    {
        await using var broker = await BrokerHarness.StartAsync();
        await using var app = await StartAsync<QueueSamples.Single>(broker, new HostFile(), new Notebook { FailuresToCome = 1 });
        await broker.SendAsync("a");
        await broker.SendAsync("b");

        new[] { await app.Notebook.NextAsync(), await app.Notebook.NextAsync() }.ShouldBe(["a", "b"], ignoreOrder: true);
        await Eventually.BecomesAsync(() => broker.Depth, Empty);
    }

    [Fact]
    public async Task Lock_OfASingleMessage_IsRenewedForAsLongAsItsFunctionRuns()
    {
        // Long past for the network, so that what is left of a lock is never waited for.
        var time = new ManualTime(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var broker = await BrokerHarness.StartAsync(time);
        await broker.SendAsync("slow");
        await using var app = await StartAsync<QueueSamples.Held>(broker, new HostFile());
        (await app.Notebook.NextAsync()).ShouldBe("slow 1");

        foreach (var _ in Enumerable.Range(0, 3))
        {
            time.Advance(TimeSpan.FromSeconds(50));
            var renewed = time.GetUtcNow().AddSeconds(60);
            await Eventually.BecomesAsync(() => app.Notebook.Message!.LockedUntil >= renewed.AddSeconds(-1), true);
        }

        broker.Depth.ShouldBe(Empty with { Active = 1, Locked = 1 }, "150 seconds are more than the 60 of one lock");
        app.Notebook.Release();
        await Eventually.BecomesAsync(() => broker.Depth, Empty);
    }

    [Fact]
    public async Task Lock_OfASingleMessage_IsLostWhereTheHostFileRenewsNone()
    {
        var time = new ManualTime(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var broker = await BrokerHarness.StartAsync(time);
        await broker.SendAsync("slow");
        await using var app = await StartAsync<QueueSamples.Held>(
            broker, new HostFile { MaxAutoLockRenewalDuration = TimeSpan.Zero });
        (await app.Notebook.NextAsync()).ShouldBe("slow 1");

        time.Advance(TimeSpan.FromSeconds(61));
        app.Notebook.Release();

        (await app.Notebook.NextAsync()).ShouldBe("slow 2");
        await Eventually.BecomesAsync(() => broker.Depth, Empty);
    }

    [Fact]
    public async Task Manual_Settlement_IsTheFunctionsOwn()
    {
        await using var broker = await BrokerHarness.StartAsync();
        await broker.SendAsync("good");
        await broker.SendAsync("poison");
        await using var app = await StartAsync<QueueSamples.Manual>(broker, new HostFile());

        var lines = new List<string>();
        while (lines.Count < 3)
        {
            lines.Add(await app.Notebook.NextAsync());
        }

        lines.ShouldBe(["good 1", "poison 1", "good 2"], ignoreOrder: true);
        var dead = await broker.ReceiveAsync(broker.DeadLetters());
        dead.Body.ToString().ShouldBe("poison");
        dead.DeadLetterReason.ShouldBe("unreadable");
        dead.DeadLetterErrorDescription.ShouldBe("a sample's reason");
    }

    [Fact]
    public async Task Outage_OfTheBroker_IsSurvivedWithOneLineInTheLog()
    {
        using var folder = new TemporaryFolder();
        var broker = await BrokerHarness.StartAsync(folder: folder.Path);
        await using var app = await StartAsync<QueueSamples.Batch>(broker, new HostFile());
        await broker.SendAsync("before");
        (await app.Notebook.NextAsync()).ShouldBe("1: before");
        await Eventually.BecomesAsync(() => broker.Depth, Empty);

        var port = broker.Broker.Port;
        await broker.DisposeAsync();
        await Eventually.BecomesAsync(() => app.Log.Lines.Any(line => line.Contains("out of reach")), true);
        await using var again = await BrokerHarness.StartAsync(
            new BrokerOptions { Queues = [new QueueOptions(BrokerHarness.Queue)], DataFolder = folder.Path, Port = port });
        await again.SendAsync("after");

        (await app.Notebook.NextAsync()).ShouldBe("1: after");
        app.Log.Lines.Count(line => line.Contains("out of reach")).ShouldBe(1);
    }

    [Fact]
    public async Task Stop_WhileWaitingForMessages_IsPrompt()
    {
        await using var broker = await BrokerHarness.StartAsync();
        await using var app = await StartAsync<QueueSamples.Batch>(broker, new HostFile());
        await broker.SendAsync("one");
        await app.Notebook.NextAsync();

        await app.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        await Eventually.BecomesAsync(() => broker.Depth, Empty);
    }

    [Fact]
    public async Task Queues_NotRun_LeaveMessagesAlone()
    {
        await using var broker = await BrokerHarness.StartAsync();
        await using var app = await SampleApp.StartAsync<QueueSamples.Batch>(options => options with { RunQueues = false });
        await broker.SendAsync("left");

        (await broker.ReceiveAsync()).Body.ToString().ShouldBe("left");
    }

    private static Task<SampleApp> StartAsync<T>(BrokerHarness broker, HostFile file, Notebook? notebook = null) =>
        SampleApp.StartAsync<T>(
            options => options with
            {
                HostFile = file,
                Configuration = SampleApp.Settings(("Queue", BrokerHarness.Queue), ("Bus", broker.Broker.ConnectionString)),
            },
            notebook);
}

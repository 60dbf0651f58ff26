using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker.Wire;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Broker_OnAPortInUse_SaysSo()
    {
        await using var harness = await StartAsync();
        var options = new BrokerOptions { Queues = [new QueueOptions(Queue)], Port = harness.Broker.Port };

        var refusal = await Should.ThrowAsync<BrokerPortUnavailableException>(() => StartAsync(options));

        refusal.Port.ShouldBe(harness.Broker.Port);
        refusal.Message.ShouldContain($"127.0.0.1:{harness.Broker.Port}");
    }

    [Fact]
    public async Task Broker_OnAFolderInUse_SaysSo()
    {
        using var folder = new TemporaryFolder();
        await using var harness = await StartAsync(folder: folder.Path);

        (await Should.ThrowAsync<IOException>(() => StartAsync(folder: folder.Path))).Message.ShouldContain(folder.Path);
    }

    [Fact]
    public async Task Broker_StoppedAndStartedOnItsPort_ServesTheSameClient()
    {
        using var folder = new TemporaryFolder();
        var options = new BrokerOptions { Queues = [new QueueOptions(Queue)], DataFolder = folder.Path };
        await using var harness = await StartAsync(options);
        await harness.SendAsync("before");
        await harness.Broker.StopAsync();
        await Should.ThrowAsync<ServiceBusException>(() => harness.SendAsync("meanwhile"));

        await using var again = await StartAsync(options with { Port = harness.Broker.Port });
        await harness.SendAsync("after");

        (await again.DrainAsync()).Select(message => message.Body.ToString()).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task Broker_TakenOutAndBroughtBackUnderLoad_LosesAndRepeatsNothing()
    {
        const int Senders = 4, Each = 100;
        using var folder = new TemporaryFolder();
        var options = new BrokerOptions { Queues = [new QueueOptions(Queue)], DataFolder = folder.Path };
        var broker = await StartAsync(options);
        options = options with { Port = broker.Broker.Port };
        await using var client = new ServiceBusClient(broker.Broker.ConnectionString, new ServiceBusClientOptions
        {
            RetryOptions = new ServiceBusRetryOptions
            {
                Mode = ServiceBusRetryMode.Fixed,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxRetries = 100,
                TryTimeout = Patience,
            },
        });
        await using var link = client.CreateSender(Queue);
        var acknowledged = 0;
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(SendAsync));

        for (var outage = 1; outage <= 3; outage++)
        {
            await Eventually.BecomesAsync(() => Volatile.Read(ref acknowledged) >= outage * 80, true);
            await broker.DisposeAsync();
            broker = await StartAsync(options);
        }

        await sending;
        (await broker.DrainAsync()).Select(message => message.MessageId).Order().ShouldBe(
            Enumerable.Range(0, Senders).SelectMany(sender => Enumerable.Range(0, Each).Select(i => $"{sender}-{i}")).Order());
        await broker.DisposeAsync();

        async Task SendAsync(int sender)
        {
            for (var i = 0; i < Each; i++)
            {
                await link.SendMessageAsync(Message("x", $"{sender}-{i}"));
                Interlocked.Increment(ref acknowledged);
            }
        }
    }

    [Fact]
    public async Task Broker_StoppedTwice_IsStopped()
    {
        var harness = await StartAsync();
        await harness.DisposeAsync();

        await harness.Broker.StopAsync();

        harness.Broker.Port.ShouldBePositive();
    }

    [Fact]
    public async Task Options_WithSeveralErrors_AreRefusedWithAllOfThem()
    {
        var options = new BrokerOptions
        {
            Port = -1,
            Queues = [new QueueOptions("a") { MaxDeliveryCount = 0 }, new QueueOptions("A"), new QueueOptions("$b")],
        };

        var message = (await Should.ThrowAsync<ArgumentException>(() => StartAsync(options))).Message;

        message.ShouldContain("port -1");
        message.ShouldContain("maximum delivery count of the queue a");
        message.ShouldContain("declared more than once");
        message.ShouldContain("'$b'");
    }
}

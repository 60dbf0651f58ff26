using Freeway.Runner.Broker;
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
        await Should.ThrowAsync<Azure.Messaging.ServiceBus.ServiceBusException>(() => harness.SendAsync("meanwhile"));

        await using var again = await StartAsync(options with { Port = harness.Broker.Port });
        await harness.SendAsync("after");

        (await again.DrainAsync()).Select(message => message.Body.ToString()).ShouldBe(["before", "after"]);
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

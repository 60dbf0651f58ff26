using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Xunit.Abstractions;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class ConcurrencyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Messages_OfManySendersToManyReceivers_ArriveExactlyOnce()
    {
        const int Senders = 4, Receivers = 4, Each = 250;
        using var folder = new TemporaryFolder();
        await using var harness = await StartAsync(folder: folder.Path);
        var received = new ConcurrentBag<string>();
        using var all = new CancellationTokenSource();

        var receiving = Enumerable.Range(0, Receivers).Select(_ => ReceiveAsync()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(SendAsync));
        await Task.WhenAll(receiving.Select(Stopped)).WaitAsync(Patience);

        received.Count.ShouldBe(Senders * Each);
        received.Distinct().Count().ShouldBe(Senders * Each);
        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));

        async Task Stopped(Task receiver) =>
            await receiver.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task SendAsync(int sender)
        {
            await using var client = new ServiceBusClient(harness.Broker.ConnectionString);
            await using var link = client.CreateSender(Queue);
            await Task.WhenAll(Enumerable.Range(0, Each).Select(i => link.SendMessageAsync(Message("x", $"{sender}-{i}"))));
        }

        async Task ReceiveAsync()
        {
            await using var client = new ServiceBusClient(harness.Broker.ConnectionString);
            await using var link = client.CreateReceiver(Queue);
            await foreach (var message in link.ReceiveMessagesAsync(all.Token).ConfigureAwait(false))
            {
                await link.CompleteMessageAsync(message);
                received.Add(message.MessageId);
                if (received.Count == Senders * Each)
                {
                    await all.CancelAsync();
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Throughput_OfBatches_IsThousandsASecond(bool durable)
    {
        const int Messages = 20_000, BatchSize = 200;
        using var folder = new TemporaryFolder();
        await using var harness = await StartAsync(folder: durable ? folder.Path : null);
        var body = new string('x', 500);

        var sending = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Messages / BatchSize).Select(_ =>
            harness.Sender.SendMessagesAsync(Enumerable.Range(0, BatchSize).Select(_ => Message(body, null)))));
        sending.Stop();
        harness.Depth.Active.ShouldBe(Messages);

        var receiving = Stopwatch.StartNew();
        await using var receiver = harness.Client.CreateReceiver(
            Queue, new ServiceBusReceiverOptions { PrefetchCount = 1000 });
        for (var received = 0; received < Messages;)
        {
            var some = await receiver.ReceiveMessagesAsync(500, Patience);
            await Task.WhenAll(some.Select(message => receiver.CompleteMessageAsync(message)));
            received += some.Count;
        }

        receiving.Stop();
        output.WriteLine(
            $"durable {durable}: sent {Messages / sending.Elapsed.TotalSeconds:F0}/s, received and completed {Messages / receiving.Elapsed.TotalSeconds:F0}/s");
        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
        (Messages / sending.Elapsed.TotalSeconds).ShouldBeGreaterThan(1000);
    }

    /// <summary>The client gives back what arrives while nobody receives. Once that overtook the sending, the message was lost.</summary>
    [Fact]
    public async Task Messages_SentWhileTheReceiverIsBusy_AllArrive()
    {
        await using var harness = await StartAsync();
        var receiver = harness.Receiver;
        var received = new HashSet<string>();

        for (var round = 0; round < 40; round++)
        {
            await harness.SendAsync($"{round}-first");
            var first = await receiver.ReceiveMessagesAsync(500, TimeSpan.FromSeconds(20));

            // Nobody receives now, and the link still has credit.
            for (var i = 0; i < 24; i++)
            {
                await harness.SendAsync($"{round}-{i}");
            }

            foreach (var message in first)
            {
                received.Add(message.Body.ToString());
                await receiver.CompleteMessageAsync(message);
            }
        }

        while (received.Count < 1000)
        {
            var rest = await receiver.ReceiveMessagesAsync(500, TimeSpan.FromSeconds(20));
            rest.ShouldNotBeEmpty($"only {received.Count} of 1000 messages arrived");
            foreach (var message in rest)
            {
                received.Add(message.Body.ToString());
                await receiver.CompleteMessageAsync(message);
            }
        }
    }
}

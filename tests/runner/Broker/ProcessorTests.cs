using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using static Freeway.Runner.Tests.Broker.BrokerHarness;

namespace Freeway.Runner.Tests.Broker;

public sealed class ProcessorTests
{
    [Fact]
    public async Task Processor_OnAQueue_HandlesEveryMessageOnce()
    {
        await using var harness = await StartAsync();
        var seen = new ConcurrentBag<string>();
        var all = new TaskCompletionSource();
        await using var processor = harness.Client.CreateProcessor(
            Queue, new ServiceBusProcessorOptions { MaxConcurrentCalls = 4, PrefetchCount = 10 });
        processor.ProcessMessageAsync += args =>
        {
            seen.Add(args.Message.Body.ToString());
            if (seen.Count == 200)
            {
                all.TrySetResult();
            }

            return Task.CompletedTask;
        };
        processor.ProcessErrorAsync += args =>
        {
            all.TrySetException(args.Exception);
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync();

        await harness.Sender.SendMessagesAsync(Enumerable.Range(0, 200).Select(i => Message($"{i}")));
        await all.Task.WaitAsync(Patience);
        await processor.StopProcessingAsync();

        seen.Distinct().Count().ShouldBe(200);
        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }

    [Fact]
    public async Task Processor_WhoseHandlerFails_SeesTheMessageAgainUntilItIsDeadLettered()
    {
        await using var harness = await StartAsync(new QueueOptions(Queue) { MaxDeliveryCount = 3 });
        var counts = new ConcurrentQueue<int>();
        await using var processor = harness.Client.CreateProcessor(Queue);
        processor.ProcessMessageAsync += args =>
        {
            counts.Enqueue(args.Message.DeliveryCount);
            throw new InvalidDataException("It cannot be read.");
        };
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        await processor.StartProcessingAsync();

        await harness.SendAsync("poison");

        await Eventually.BecomesAsync(() => harness.Depth, new QueueDepth(0, 0, 0, 1));
        await processor.StopProcessingAsync();
        counts.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Processor_WithASlowHandler_RenewsTheLock()
    {
        await using var harness = await StartAsync(new QueueOptions(Queue) { LockDuration = TimeSpan.FromSeconds(2) });
        var done = new TaskCompletionSource<int>();
        await using var processor = harness.Client.CreateProcessor(Queue);
        processor.ProcessMessageAsync += async args =>
        {
            var first = args.Message.LockedUntil;
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (args.Message.LockedUntil == first && await look.WaitForNextTickAsync(args.CancellationToken))
            {
            }

            await args.CompleteMessageAsync(args.Message);
            done.TrySetResult(args.Message.DeliveryCount);
        };
        processor.ProcessErrorAsync += args =>
        {
            done.TrySetException(args.Exception);
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync();

        await harness.SendAsync("slow");

        (await done.Task.WaitAsync(Patience)).ShouldBe(1);
        await processor.StopProcessingAsync();
        harness.Depth.ShouldBe(new QueueDepth(0, 0, 0, 0));
    }
}

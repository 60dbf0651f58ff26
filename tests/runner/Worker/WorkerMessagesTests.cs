using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Hosting.Queues;
using Freeway.Runner.Tests.Broker;
using Freeway.Runner.Worker;
using Freeway.Tests.Shared;
using Grpc.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.ServiceBus.Grpc;

namespace Freeway.Runner.Tests.Worker;

/// <summary>What goes over to the worker, and what it orders of the messages that it has.</summary>
public sealed class WorkerMessagesTests
{
    [Fact]
    public async Task Lock_RenewedByTheWorker_HoldsUntilTheWorkerSettles()
    {
        var time = new ManualTime();
        await using var broker = await BrokerHarness.StartAsync(
            new QueueOptions(BrokerHarness.Queue) { LockDuration = TimeSpan.FromSeconds(60) }, time);
        await broker.SendAsync("slow");
        var message = await broker.ReceiveAsync();
        var settlement = new MessageSettlement();
        var service = new SettlementService(settlement);
        var call = new Call();

        using (settlement.Hold([message], new ReceiverMessageActions(broker.Receiver)))
        {
            foreach (var _ in Enumerable.Range(0, 3))
            {
                time.Advance(TimeSpan.FromSeconds(50));
                await service.RenewMessageLock(new RenewMessageLockRequest { Locktoken = message.LockToken }, call);
                message.LockedUntil.ShouldBe(time.GetUtcNow().AddSeconds(60), TimeSpan.FromSeconds(1));
            }

            broker.Depth.ShouldBe(new QueueDepth(Active: 1, Locked: 1, Deferred: 0, DeadLettered: 0));
            await service.Complete(new CompleteRequest { Locktoken = message.LockToken }, call);
        }

        broker.Depth.ShouldBe(new QueueDepth(Active: 0, Locked: 0, Deferred: 0, DeadLettered: 0));
    }

    [Fact]
    public async Task Message_ThatNoFunctionHasUnderWay_IsNotSettled()
    {
        var service = new SettlementService(new MessageSettlement());

        var error = await Should.ThrowAsync<RpcException>(
            () => service.Complete(new CompleteRequest { Locktoken = Guid.Empty.ToString() }, new Call()));

        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public void Timer_PastDue_IsToldToTheWorkerWithItsMoments()
    {
        var (last, next) = (new DateTime(2026, 5, 28, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 5, 29, 0, 0, 0, DateTimeKind.Utc));

        var request = WorkerData.Of("timer", new TimerInfo
        {
            IsPastDue = true,
            ScheduleStatus = new ScheduleStatus { Last = last, Next = next, LastUpdated = last },
        });

        var binding = request.InputData.ShouldHaveSingleItem();
        binding.Name.ShouldBe("timer");
        // The worker's own converter reads it so.
        var told = JsonSerializer.Deserialize<TimerInfo>(binding.Data.Json)!;
        told.IsPastDue.ShouldBeTrue();
        (told.ScheduleStatus!.Last, told.ScheduleStatus.Next).ShouldBe((last, next));
    }

    /// <summary>A call of the worker, as far as the service looks at it.</summary>
    private sealed class Call : ServerCallContext
    {
        protected override string MethodCore => "";

        protected override string HostCore => "";

        protected override string PeerCore => "";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new("", []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
            throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}

using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>Calls a queue function in this process.</summary>
internal sealed class InProcessQueue(
    FoundFunction function, bool isBatched, WorkerPipeline pipeline, IServiceScopeFactory scopes)
{
    private readonly FunctionInvoker<QueueInvocation> _invoker =
        new(function, QueueParameters.Rule(function, isBatched), pipeline);

    public async Task CallAsync(
        string id, IReadOnlyList<ServiceBusReceivedMessage> messages, ReceiverMessageActions actions,
        CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new RunnerFunctionContext(_invoker.Function, () => id, scope.ServiceProvider, () => cancellation);
        await _invoker.InvokeAsync(new QueueInvocation(messages, actions, context));
    }
}

/// <summary>The messages of one call: one, or a batch.</summary>
internal readonly record struct QueueInvocation(
    IReadOnlyList<ServiceBusReceivedMessage> Messages, ServiceBusMessageActions Actions, FunctionContext Context) : IInvocation;

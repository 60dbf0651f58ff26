using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>The messages of one call: one, or a batch.</summary>
internal readonly record struct QueueInvocation(
    IReadOnlyList<ServiceBusReceivedMessage> Messages, ServiceBusMessageActions Actions, FunctionContext Context) : IInvocation;

using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Queue;

/// <summary>The queue's way into the activity table.</summary>
public sealed class ActivityLogWriterFunction(ActivityIngest ingest)
{
    [Function("ActivityLogWriter")]
    public Task RunAsync(
        [ServiceBusTrigger("%ActivityQueueName%", Connection = "ServiceBus", IsBatched = true, AutoCompleteMessages = false)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) =>
        ingest.RunAsync(Array.ConvertAll(messages, message => new ServiceBusDelivery(message, actions)), cancellation);
}

using Azure.Messaging.ServiceBus;
using Freeway.Gateway.Views;

namespace Freeway.Adapters.Views;

/// <summary>Opens a link of its own, which needs the broker's consent; sends nothing. A link that was open before would answer from memory.</summary>
internal sealed class QueueProbe(ServiceBusClient client, ServiceBusSender sender) : IReadinessProbe
{
    public string Name => "queue";

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await using var fresh = client.CreateSender(sender.EntityPath);
            using var batch = await fresh.CreateMessageBatchAsync(cancellation);
        }
        catch (ServiceBusException outage)
        {
            throw new IOException($"the activity queue does not answer ({outage.Reason})", outage);
        }
    }
}

using Azure.Messaging.ServiceBus;
using Freeway.Gateway.Views;

namespace Freeway.Adapters.Views;

/// <summary>Opens the sender's link, which needs the broker's consent; sends nothing.</summary>
internal sealed class QueueProbe(ServiceBusSender sender) : IReadinessProbe
{
    public string Name => "queue";

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellation);
        }
        catch (ServiceBusException outage)
        {
            throw new IOException($"the activity queue does not answer ({outage.Reason})", outage);
        }
    }
}

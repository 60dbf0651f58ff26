using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;

namespace Freeway.Adapters.Api;

/// <summary>
/// Opens a link of its own to the queue, which needs the broker's consent each time; sends nothing. Requests are served
/// without the broker: their records wait in the ledger.
/// </summary>
internal sealed class QueueProbe(ServiceBusClient client, ServiceBusSender sender, ActivityOutbox outbox) : IReadinessProbe
{
    public string Name => "queue";

    public bool IsRequired => false;

    public bool IsDoubtful => outbox.IsBehind;

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await using var probe = client.CreateSender(sender.EntityPath);
            using var batch = await probe.CreateMessageBatchAsync(cancellation);
        }
        catch (ServiceBusException outage)
        {
            throw new IOException($"the activity queue does not answer ({outage.Reason})", outage);
        }
        catch (AuthenticationFailedException outage)
        {
            throw new IOException("no token can be had for the activity queue", outage);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new RoleMissingException("Azure Service Bus Data Owner", "the activity queue", denied);
        }
    }
}

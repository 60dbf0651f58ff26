using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Peeks at the queue: messages that are locked by a reader are seen too.</summary>
public sealed class ServiceBusActivityBacklog(ServiceBusReceiver receiver) : IActivityBacklog
{
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellation)
    {
        try
        {
            return (await receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellation).ConfigureAwait(false))?.EnqueuedTime;
        }
        catch (Exception error) when (error is ServiceBusException or TimeoutException or AuthenticationFailedException)
        {
            throw new IOException("The broker cannot be asked what is in the queue.", error);
        }
    }
}

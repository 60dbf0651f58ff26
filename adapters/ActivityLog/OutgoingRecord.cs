using Azure.Messaging.ServiceBus;

namespace Freeway.Adapters.ActivityLog;

/// <summary>A record on its way to the broker, and the one who waits for it.</summary>
internal sealed class OutgoingRecord(ServiceBusMessage message)
{
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServiceBusMessage Message => message;

    public Task Accepted => _accepted.Task;

    public void Accept() => _accepted.TrySetResult();

    public void Refuse(IOException reason) => _accepted.TrySetException(reason);
}

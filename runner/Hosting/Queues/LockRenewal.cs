using Azure.Messaging.ServiceBus;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>
/// Renews the lock of one message until it is disposed, or for as long as the host's settings allow. A lock that is
/// lost is not renewed any more: its message comes again.
/// </summary>
internal sealed class LockRenewal : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _over = new();

    public LockRenewal(ServiceBusReceiver receiver, ServiceBusReceivedMessage message, TimeSpan longest)
    {
        if (longest > TimeSpan.Zero)
        {
            _over.CancelAfter(longest);
            _ = RenewAsync(receiver, message, _over.Token);
        }
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    /// <summary>Each time when half of what is left of the lock is over.</summary>
    private static async Task RenewAsync(
        ServiceBusReceiver receiver, ServiceBusReceivedMessage message, CancellationToken over)
    {
        try
        {
            while (true)
            {
                var half = (message.LockedUntil - TimeProvider.System.GetUtcNow()) / 2;
                await Task.Delay(half > Shortest ? half : Shortest, TimeProvider.System, over);
                await receiver.RenewMessageLockAsync(message, over);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ServiceBusException or InvalidOperationException)
        {
            // Settled, lost, or held for long enough.
        }
    }
}

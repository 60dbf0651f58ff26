using Azure.Messaging.ServiceBus;
using Freeway.Runner.Hosting.Functions;
using Freeway.Runner.Hosting.Settings;

namespace Freeway.Runner.Hosting.Queues;

/// <summary>
/// Reads one queue for one function, in batches or singly. Outage stance: an unreachable queue is tried again for ever,
/// at growing intervals, with one line in the log for the whole outage.
/// </summary>
internal sealed class QueueReader(QueueFunction function, Func<ServiceBusReceiver> open, string queue, HostFile host)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestReceive = TimeSpan.FromSeconds(30);

    private readonly int _most = function.IsBatched ? host.MaxMessageBatchSize : host.MaxConcurrentCalls;

    /// <summary>Reads until told to stop; what was received is handled first.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var receiver = open();
                while (!stopping.IsCancellationRequested)
                {
                    var messages = await receiver.ReceiveMessagesAsync(_most, LongestReceive, stopping);
                    if (failures > 0)
                    {
                        failures = 0;
                        HostLog.QueueBack(function.Logger, function.Name, queue);
                    }

                    await HandleAsync(receiver, messages);
                }
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // told to stop while waiting for messages
            }
            catch (Exception e)
            {
                if (failures++ == 0)
                {
                    HostLog.QueueLost(function.Logger, function.Name, queue, e.Message);
                }

                await PauseAsync(failures, stopping);
            }
        }
    }

    private Task HandleAsync(ServiceBusReceiver receiver, IReadOnlyList<ServiceBusReceivedMessage> messages) =>
        messages.Count == 0 ? Task.CompletedTask
        : function.IsBatched ? function.HandleAsync(receiver, messages)
        : Task.WhenAll(messages.Select(message => HandleOneAsync(receiver, message)));

    /// <summary>The lock of a single message is renewed while its function runs; a batch renews its own.</summary>
    private async Task HandleOneAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message)
    {
        using var renewal = new LockRenewal(receiver, message, host.MaxAutoLockRenewalDuration);
        await function.HandleAsync(receiver, [message]);
    }

    /// <summary>
    /// Waits in real time, whatever clock the functions live by: it is a real network that it waits for.
    /// </summary>
    private static async Task PauseAsync(int failures, CancellationToken stopping)
    {
        var pause = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(failures - 1, 10), LongestPause.Ticks));
        await Task.Delay(pause, TimeProvider.System, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

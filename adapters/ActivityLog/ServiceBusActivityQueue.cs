using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// The activity queue on Service Bus. While one send is in flight the records of later callers gather, and go out
/// together in the next; each caller awaits the batch that holds its own.
/// </summary>
public sealed class ServiceBusActivityQueue(ServiceBusSender sender, TimeProvider clock) : IActivityQueue, IAsyncDisposable
{
    /// <summary>How long the broker has for one batch, links and retries included.</summary>
    public static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<OutgoingRecord> _waiting = new();
    private Task _sending = Task.CompletedTask;
    private bool _busy;

    public Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation)
    {
        var outgoing = new OutgoingRecord(MessageTrace.On(
            new ServiceBusMessage(record) { MessageId = id, ContentType = "application/json", Subject = "activity" }, trace));
        lock (_lock)
        {
            _waiting.Enqueue(outgoing);
            if (!_busy)
            {
                _busy = true;
                // The sending serves many callers, so it carries the trace of none.
                using var apart = ExecutionContext.SuppressFlow();
                _sending = SendAllAsync();
            }
        }

        return outgoing.Accepted.WaitAsync(cancellation);
    }

    /// <summary>Ends once nothing is being sent.</summary>
    public async ValueTask DisposeAsync()
    {
        Task sending;
        lock (_lock)
        {
            sending = _sending;
        }

        await sending.ConfigureAwait(false);
    }

    private async Task SendAllAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (HasMore())
        {
            await SendBatchAsync().ConfigureAwait(false);
        }
    }

    private bool HasMore()
    {
        lock (_lock)
        {
            return _busy = _waiting.Count > 0;
        }
    }

    private async Task SendBatchAsync()
    {
        var sent = new List<OutgoingRecord>();
        var started = clock.GetTimestamp();
        try
        {
            using var limit = new CancellationTokenSource(SendLimit, clock);
            using var batch = await sender.CreateMessageBatchAsync(limit.Token).ConfigureAwait(false);
            Fill(batch, sent);
            if (sent.Count > 0)
            {
                await sender.SendMessagesAsync(batch, limit.Token).ConfigureAwait(false);
            }

            QueueMetrics.Sent(sent.Count, accepted: true, clock.GetElapsedTime(started));
            sent.ForEach(record => record.Accept());
        }
#pragma warning disable CA1031 // Whatever went wrong, the callers must hear of it: nobody else awaits this.
        catch (Exception error)
#pragma warning restore CA1031
        {
            QueueMetrics.Sent(sent.Count, accepted: false, clock.GetElapsedTime(started));
            Fail(sent, error);
        }
    }

    private void Fill(ServiceBusMessageBatch batch, List<OutgoingRecord> sent)
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next))
            {
                if (batch.TryAddMessage(next.Message))
                {
                    sent.Add(_waiting.Dequeue());
                }
                else if (batch.Count is 0)
                {
                    _waiting.Dequeue().Refuse(new IOException(
                        $"The record of {next.Message.MessageId} is larger than the {batch.MaxSizeInBytes} bytes that the broker takes."));
                }
                else
                {
                    return;
                }
            }
        }
    }

    /// <summary>
    /// Those who wait behind a failed batch fail with it: waiting out the same outage again would hold them past the
    /// limit.
    /// </summary>
    private void Fail(List<OutgoingRecord> sent, Exception error)
    {
        var outage = new IOException(
            error is ServiceBusException { Reason: var reason } ? $"The broker did not accept the records: {reason}."
            : error is OperationCanceledException ? $"The broker did not answer within {SendLimit.TotalSeconds} s."
            : $"The broker could not be reached: {error.GetType().Name}.",
            error);
        lock (_lock)
        {
            sent.AddRange(_waiting);
            _waiting.Clear();
        }

        sent.ForEach(record => record.Refuse(outage));
    }
}

/// <summary>
/// How a message carries the trace of its own request: under the name that W3C gives it, and under the one that the
/// Functions host and older clients read. Where it is set, the client adds none of its own.
/// </summary>
internal static class MessageTrace
{
    private static readonly string[] Names = ["traceparent", "Diagnostic-Id"];

    public static ServiceBusMessage On(ServiceBusMessage message, string? trace)
    {
        foreach (var name in trace is null ? [] : Names)
        {
            message.ApplicationProperties[name] = trace;
        }

        return message;
    }
}

/// <summary>A record on its way to the broker, and the one who waits for it.</summary>
internal sealed class OutgoingRecord(ServiceBusMessage message)
{
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServiceBusMessage Message => message;

    public Task Accepted => _accepted.Task;

    public void Accept() => _accepted.TrySetResult();

    public void Refuse(IOException reason) => _accepted.TrySetException(reason);
}

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

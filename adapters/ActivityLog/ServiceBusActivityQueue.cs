using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;

namespace Freeway.Adapters.ActivityLog;

/// <summary>The activity queue on Service Bus. Each caller awaits the batch that holds its own record.</summary>
public sealed class ServiceBusActivityQueue(ServiceBusSender sender, TimeProvider clock) : IActivityQueue, IAsyncDisposable
{
    /// <summary>The longest time that sending one batch may take, links and retries included.</summary>
    public static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);

    private readonly RecordSender _records = new(sender, clock);

    public Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation)
    {
        var message = new ServiceBusMessage(record) { MessageId = id, ContentType = "application/json", Subject = "activity" };
        return _records.Send(MessageTrace.On(message, trace)).WaitAsync(cancellation);
    }

    /// <summary>Ends once nothing is being sent.</summary>
    public async ValueTask DisposeAsync() => await _records.Idle.ConfigureAwait(false);
}

/// <summary>Sends records in batches: those that come while one batch is under way go out together in the next.</summary>
internal sealed class RecordSender(ServiceBusSender sender, TimeProvider clock) : SingleWriterQueue<OutgoingRecord>
{
    private List<OutgoingRecord> _batch = [];
    private long _started;

    /// <returns>Completes once the broker has accepted the record.</returns>
    public Task Send(ServiceBusMessage message)
    {
        var record = new OutgoingRecord(message);
        TryAdd(record);
        return record.Accepted;
    }

    protected override async Task RunRoundAsync()
    {
        (_batch, _started) = ([], clock.GetTimestamp());
        using var limit = new CancellationTokenSource(ServiceBusActivityQueue.SendLimit, clock);
        using var messages = await sender.CreateMessageBatchAsync(limit.Token).ConfigureAwait(false);
        _batch = Fill(messages);
        if (_batch.Count > 0)
        {
            await sender.SendMessagesAsync(messages, limit.Token).ConfigureAwait(false);
        }

        QueueMetrics.Sent(_batch.Count, accepted: true, clock.GetElapsedTime(_started));
        _batch.ForEach(record => record.Accept());
    }

    /// <summary>
    /// Fails the batch, and those who wait behind it: waiting out the same outage again would hold them past the limit.
    /// </summary>
    protected override Task OnRoundFailedAsync(Exception error)
    {
        QueueMetrics.Sent(_batch.Count, accepted: false, clock.GetElapsedTime(_started));
        var outage = new IOException(
            error is ServiceBusException { Reason: var reason } ? $"The broker did not accept the records: {reason}."
            : error is OperationCanceledException ? $"The broker did not answer within {ServiceBusActivityQueue.SendLimit.TotalSeconds} s."
            : $"The broker could not be reached: {error.GetType().Name}.",
            error);
        _batch.AddRange(Dequeue(_ => true));
        _batch.ForEach(record => record.Refuse(outage));
        return Task.CompletedTask;
    }

    /// <summary>Takes the records that fit. One that is too large even for an empty batch is refused, and the next is tried.</summary>
    private List<OutgoingRecord> Fill(ServiceBusMessageBatch messages)
    {
        var sent = new List<OutgoingRecord>();
        Dequeue(next =>
        {
            if (messages.TryAddMessage(next.Message))
            {
                sent.Add(next);
                return true;
            }

            if (messages.Count > 0)
            {
                return false;
            }

            next.Refuse(new IOException(
                $"The record of {next.Message.MessageId} is larger than the {messages.MaxSizeInBytes} bytes that the broker takes."));
            return true;
        });
        return sent;
    }
}

/// <summary>
/// Writes the trace of a request onto its message: under the name that W3C gives it, and under the one that the
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
    public async Task<bool> IsEmptyAsync(CancellationToken cancellation)
    {
        try
        {
            return await receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellation).ConfigureAwait(false) is null;
        }
        catch (Exception error) when (error is ServiceBusException or TimeoutException or AuthenticationFailedException)
        {
            throw new IOException("The broker cannot be asked what is in the queue.", error);
        }
    }
}

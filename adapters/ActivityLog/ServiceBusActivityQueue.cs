using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
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

    public Task SendAsync(string id, ReadOnlyMemory<byte> record, string? trace, CancellationToken cancellation) =>
        _records.Send(new OutgoingRecord(id, record, trace)).WaitAsync(cancellation);

    /// <summary>Ends once nothing is being sent.</summary>
    public async ValueTask DisposeAsync() => await _records.Idle.ConfigureAwait(false);
}

/// <summary>
/// Sends records in batches: those that come while one batch is under way go out together in the next. A message holds
/// a group of records where there are several, as each message costs the broker, the reader and the network as much as
/// tens of records do.
/// </summary>
internal sealed class RecordSender(ServiceBusSender sender, TimeProvider clock) : SingleWriterQueue<OutgoingRecord>
{
    /// <summary>The groups that were taken from what waits, and did not fit the batch before.</summary>
    private readonly Queue<RecordGroup> _groups = [];
    private List<OutgoingRecord> _batch = [];
    private long _started;

    protected override bool HasOtherWork => _groups.Count > 0;

    /// <returns>Completes once the broker has accepted the record.</returns>
    public Task Send(OutgoingRecord record)
    {
        TryAdd(record);
        return record.Accepted;
    }

    protected override async Task RunRoundAsync()
    {
        (_batch, _started) = ([], clock.GetTimestamp());
        using var limit = new CancellationTokenSource(ServiceBusActivityQueue.SendLimit, clock);
        using var messages = await sender.CreateMessageBatchAsync(limit.Token).ConfigureAwait(false);
        Fill(messages);
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
        _batch.AddRange(_groups.SelectMany(group => group.Records));
        _groups.Clear();
        _batch.AddRange(Dequeue(_ => true));
        _batch.ForEach(record => record.Refuse(outage));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes the groups that fit. One that is too large even for an empty batch is sent record by record, and such a
    /// record is refused.
    /// </summary>
    private void Fill(ServiceBusMessageBatch messages)
    {
        while (TryNext(out var group))
        {
            if (messages.TryAddMessage(group.Message()))
            {
                _batch.AddRange(group.Records);
            }
            else if (messages.Count > 0)
            {
                return;
            }
            else if (group.Records.Count > 1)
            {
                group.Records.ForEach(record => _groups.Enqueue(new RecordGroup(record)));
            }
            else
            {
                group.Records[0].Refuse(new IOException(
                    $"The record of {group.Records[0].Id} is larger than the {messages.MaxSizeInBytes} bytes that the broker takes."));
            }

            _groups.Dequeue();
        }
    }

    /// <summary>Looks at the group that is next, made of what waits where none is left over.</summary>
    private bool TryNext([NotNullWhen(true)] out RecordGroup? group)
    {
        if (!_groups.TryPeek(out group))
        {
            var next = new RecordGroup();
            if (Dequeue(next.TryAdd).Count > 0)
            {
                _groups.Enqueue(group = next);
            }
        }

        return group is not null;
    }
}

/// <summary>The records of one message.</summary>
internal sealed class RecordGroup
{
    /// <summary>Bounds what one call of the reader, which takes many messages, has in memory.</summary>
    private const int MostRecords = 64;

    /// <summary>Well below the 256 KiB that a message may have. A single record may be larger.</summary>
    private const int MostBytes = 96 * 1024;

    private int _bytes;

    public RecordGroup(params ReadOnlySpan<OutgoingRecord> records) => Records = [.. records];

    public List<OutgoingRecord> Records { get; }

    /// <summary>Adds a record where there is room. One that has a trace goes alone: the message carries the trace.</summary>
    public bool TryAdd(OutgoingRecord record)
    {
        var isFirst = Records.Count is 0;
        var mayJoin = record.Trace is null && Records is not [{ Trace: not null }] && Records.Count < MostRecords;
        if (!isFirst && !(mayJoin && _bytes + record.Body.Length <= MostBytes))
        {
            return false;
        }

        Records.Add(record);
        _bytes += record.Body.Length;
        return true;
    }

    public ServiceBusMessage Message()
    {
        var message = new ServiceBusMessage(ActivityJson.Group(Records.ConvertAll(record => record.Body)))
        {
            MessageId = Id(),
            ContentType = "application/json",
            Subject = "activity",
        };
        return MessageTrace.On(message, Records[0].Trace);
    }

    /// <summary>
    /// A record alone has the request's id. The broker drops what has an id that it knows, so a group's id follows from
    /// all of its records: the same group again is dropped, and another group with some of them is not.
    /// </summary>
    private string Id() => Records is [var only]
        ? only.Id
        : "group-" + Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', Records.Select(record => record.Id)))).AsSpan(0, 16));
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
internal sealed class OutgoingRecord(string id, ReadOnlyMemory<byte> body, string? trace)
{
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public ReadOnlyMemory<byte> Body => body;

    public string? Trace => trace;

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

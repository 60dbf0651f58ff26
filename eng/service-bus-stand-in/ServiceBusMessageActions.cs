using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.ServiceBus.Grpc;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Settles messages from within a function, through the host that received them. A host that runs functions in its own
/// process derives from it and says how.
/// </summary>
[InputConverter(typeof(ServiceBusMessageActionsConverter))]
public class ServiceBusMessageActions
{
    private readonly Settlement.SettlementClient? _settlement;

    protected ServiceBusMessageActions()
    {
    }

    internal ServiceBusMessageActions(Settlement.SettlementClient settlement) => _settlement = settlement;

    private Settlement.SettlementClient Host =>
        _settlement ?? throw new PlatformNotSupportedException("No Functions host settles these messages.");

    public virtual async Task CompleteMessageAsync(
        ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await Host.CompleteAsync(new() { Locktoken = message.LockToken }, cancellationToken: cancellationToken);

    public virtual async Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default) =>
        await Host.AbandonAsync(
            new() { Locktoken = message.LockToken, PropertiesToModify = Encode(propertiesToModify) },
            cancellationToken: cancellationToken);

    public virtual async Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default) =>
        await Host.DeadletterAsync(
            new()
            {
                Locktoken = message.LockToken,
                PropertiesToModify = Encode(propertiesToModify),
                DeadletterReason = deadLetterReason,
                DeadletterErrorDescription = deadLetterErrorDescription,
            },
            cancellationToken: cancellationToken);

    public virtual async Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default) =>
        await Host.DeferAsync(
            new() { Locktoken = message.LockToken, PropertiesToModify = Encode(propertiesToModify) },
            cancellationToken: cancellationToken);

    public virtual async Task RenewMessageLockAsync(
        ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await Host.RenewMessageLockAsync(new() { Locktoken = message.LockToken }, cancellationToken: cancellationToken);

    /// <summary>An AMQP map; no bytes where nothing is modified.</summary>
    private static ByteString Encode(IDictionary<string, object>? properties)
    {
        if (properties is null)
        {
            return ByteString.Empty;
        }

        var map = new AmqpMap();
        foreach (var (name, value) in properties)
        {
            map[new MapKey(name)] = value;
        }

        using var buffer = new ByteBuffer(256, autoGrow: true);
        AmqpCodec.EncodeMap(map, buffer);
        return ByteString.CopyFrom(buffer.Buffer, buffer.Offset, buffer.Length);
    }
}

using System.Runtime.InteropServices;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Messages;

/// <summary>
/// Encoded messages, read and written at their edges only: the body stays the bytes that the sender wrote.
/// </summary>
internal static class MessageContent
{
    private const SectionFlag BeforeBody = SectionFlag.Header | SectionFlag.DeliveryAnnotations
        | SectionFlag.MessageAnnotations | SectionFlag.Properties | SectionFlag.ApplicationProperties;

    /// <exception cref="AmqpException">It is not an AMQP message, or asks for what this broker does not do.</exception>
    public static IncomingMessage Read(ReadOnlyMemory<byte> content, DateTimeOffset now)
    {
        using var message = Decode(content);
        if (message.MessageAnnotations is { } annotations
            && annotations.Map.TryGetValue<DateTime>(Annotations.ScheduledEnqueueTime, out var due)
            && due > now.UtcDateTime)
        {
            throw BrokerErrors.NotImplemented("This broker does not schedule messages.");
        }

        return new IncomingMessage(
            content,
            message.Properties?.MessageId?.ToString(),
            message.Header?.Ttl is { } milliseconds and < uint.MaxValue ? TimeSpan.FromMilliseconds(milliseconds) : null);
    }

    /// <summary>The message with application properties set; the rest of its bytes as they are.</summary>
    public static ReadOnlyMemory<byte> With(
        ReadOnlyMemory<byte> content, IReadOnlyDictionary<string, object?> changes)
    {
        using var message = Decode(content);
        var properties = message.ApplicationProperties ?? new ApplicationProperties { Offset = EndOf(message) };
        var (start, length) = ((int)properties.Offset, (int)properties.Length);
        foreach (var (name, value) in changes)
        {
            properties.Map[name] = value;
        }

        var encoded = new ByteBuffer(new byte[properties.EncodeSize]);
        properties.Encode(encoded);
        var result = new byte[content.Length - length + encoded.Length];
        content.Span[..start].CopyTo(result);
        encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).CopyTo(result.AsSpan(start));
        content.Span[(start + length)..].CopyTo(result.AsSpan(start + encoded.Length));
        return result;
    }

    /// <summary>The message as a receiver gets it: with the broker's annotations.</summary>
    public static AmqpMessage ForDelivery(in MessageView delivery, string queueName, bool locked)
    {
        var message = AmqpMessage.CreateOutputMessage(Stream(delivery.Content), ownStream: true);
        message.Header.DeliveryCount = (uint)delivery.EarlierDeliveries;
        var annotations = message.MessageAnnotations.Map;
        annotations[Annotations.EnqueuedTime] = delivery.EnqueuedAt.UtcDateTime;
        annotations[Annotations.SequenceNumber] = delivery.Sequence;
        annotations[Annotations.EnqueuedSequenceNumber] = delivery.Sequence;
        annotations[Annotations.State] = delivery.SetAside ? Annotations.DeferredState : Annotations.ActiveState;
        if (locked)
        {
            annotations[Annotations.LockedUntil] = delivery.LockedUntil.UtcDateTime;
        }

        if (delivery.Lane == Lane.DeadLetter)
        {
            annotations[Annotations.DeadLetterSource] = queueName;
        }

        return message;
    }

    /// <summary>All of a message's bytes, in one piece of our own.</summary>
    public static byte[] Bytes(AmqpMessage message)
    {
        using var stream = message.ToStream();
        var bytes = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static AmqpMessage Decode(ReadOnlyMemory<byte> content)
    {
        var message = AmqpMessage.CreateInputMessage(Stream(content));
        try
        {
            message.Deserialize(BeforeBody);
            return message;
        }
        catch (Exception exception) when (exception is not AmqpException)
        {
            message.Dispose();
            throw BrokerErrors.Undecodable(exception);
        }
    }

    private static long EndOf(AmqpMessage message)
    {
        var last = (AmqpDescribed?)message.Properties ?? (AmqpDescribed?)message.MessageAnnotations
            ?? (AmqpDescribed?)message.DeliveryAnnotations ?? message.Header;
        return last is null ? 0 : last.Offset + last.Length;
    }

    private static BufferListStream Stream(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var segment)
            ? new BufferListStream([segment])
            : new BufferListStream([new ArraySegment<byte>(content.ToArray())]);
}

/// <summary>Names under which Service Bus clients look for what the broker knows of a message.</summary>
internal static class Annotations
{
    public const int ActiveState = 0;
    public const int DeferredState = 1;
    public static readonly AmqpSymbol EnqueuedTime = "x-opt-enqueued-time";
    public static readonly AmqpSymbol SequenceNumber = "x-opt-sequence-number";
    public static readonly AmqpSymbol EnqueuedSequenceNumber = "x-opt-enqueue-sequence-number";
    public static readonly AmqpSymbol LockedUntil = "x-opt-locked-until";
    public static readonly AmqpSymbol State = "x-opt-message-state";
    public static readonly AmqpSymbol DeadLetterSource = "x-opt-deadletter-source";
    public static readonly AmqpSymbol ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";
}

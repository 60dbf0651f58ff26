using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// The links on which one connection awaits answers, by the address that its requests name in reply-to.
/// </summary>
internal sealed class ReplyRoutes
{
    private readonly ConcurrentDictionary<string, SendingAmqpLink> _links = new(StringComparer.Ordinal);
    private long _tag;

    public void Add(SendingAmqpLink link)
    {
        var address = ((Target)link.Settings.Target).Address.ToString()!;
        _links[address] = link;
        link.SafeAddClosed((_, _) => _links.TryRemove(KeyValuePair.Create(address, link)));
    }

    /// <summary>Sends an answer to where the request asked for it; an asker that has gone gets none.</summary>
    public void Send(AmqpMessage request, AmqpMessage answer)
    {
        if (request.Properties?.ReplyTo?.ToString() is { } replyTo && _links.TryGetValue(replyTo, out var link))
        {
            answer.Properties.CorrelationId = request.Properties.MessageId;
            var tag = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(tag, Interlocked.Increment(ref _tag));
            link.SendMessageNoWait(answer, new ArraySegment<byte>(tag), AmqpConstants.NullBinary);
        }
    }
}

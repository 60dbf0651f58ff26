using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transport;

namespace Freeway.Runner.Broker.Wire;

/// <summary>One client's connection, and where it awaits answers.</summary>
internal sealed class BrokerConnection(
    TransportBase transport, ProtocolHeader header, AmqpSettings settings, AmqpConnectionSettings connectionSettings)
    : AmqpConnection(transport, header, isInitiator: false, settings, connectionSettings)
{
    public ReplyRoutes Replies { get; } = new();
}

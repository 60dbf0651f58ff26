using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Messages;

/// <summary>The broker's refusals, in the conditions that Service Bus clients turn into their own exceptions.</summary>
internal static class BrokerErrors
{
    public static readonly AmqpSymbol LockLost = "com.microsoft:message-lock-lost";
    public static readonly AmqpSymbol MessageNotFound = "com.microsoft:message-not-found";

    public static AmqpException UnknownEntity(string address) =>
        new(AmqpErrorCode.NotFound, $"The messaging entity '{address}' could not be found.");

    public static AmqpException NotImplemented(string description) => new(AmqpErrorCode.NotImplemented, description);

    public static AmqpException NotAllowed(string description) => new(AmqpErrorCode.NotAllowed, description);

    public static AmqpException Undecodable(Exception cause) =>
        new(AmqpErrorCode.DecodeError, $"The message could not be decoded: {cause.Message}");

    public static Rejected Rejection(AmqpSymbol condition, string description) =>
        new() { Error = new Error { Condition = condition, Description = description } };
}

using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Wire;

/// <summary>What a management request is told, in the fields that Service Bus clients read.</summary>
internal sealed record ManagementAnswer(AmqpResponseStatusCode Status, Error? Error, AmqpMap Body)
{
    public static readonly ManagementAnswer Nothing = new(AmqpResponseStatusCode.NoContent, null, []);

    public static readonly ManagementAnswer LockLost = Refused(
        AmqpResponseStatusCode.Gone, BrokerErrors.LockLost, "The lock on the message has expired or was given up.");

    public static ManagementAnswer Ok() => new(AmqpResponseStatusCode.OK, null, []);

    public static ManagementAnswer Ok(MapKey name, object value) =>
        new(AmqpResponseStatusCode.OK, null, new AmqpMap { { name, value } });

    public static ManagementAnswer Refused(AmqpResponseStatusCode status, AmqpSymbol condition, string description) =>
        Refused(status, new Error { Condition = condition, Description = description });

    public static ManagementAnswer Refused(AmqpResponseStatusCode status, Error error) => new(status, error, []);

    public AmqpMessage ToMessage()
    {
        var message = AmqpMessage.Create(new AmqpValue { Value = Body });
        message.ApplicationProperties = new ApplicationProperties();
        var properties = message.ApplicationProperties.Map;
        properties["statusCode"] = (int)Status;
        properties["statusDescription"] = Error?.Description ?? Status.ToString();
        if (Error is { } error)
        {
            properties["errorCondition"] = error.Condition;
        }

        return message;
    }
}

using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// The request-and-answer side of one lane, <c>queue/$management</c>: what receivers ask for beside the flow of
/// messages.
/// </summary>
internal sealed class ManagementNode(BrokerQueue queue, Lane lane, ReplyRoutes replies)
{
    public void Attach(ReceivingAmqpLink link) => link.RegisterMessageListener(request =>
    {
        link.AcceptMessage(request, settled: true, batchable: false);
        _ = AnswerAsync(request);
    });

    private async Task AnswerAsync(AmqpMessage request)
    {
        ManagementAnswer answer;
        try
        {
            answer = await HandleAsync(request).ConfigureAwait(false);
        }
        catch (AmqpException exception)
        {
            answer = ManagementAnswer.Refused(AmqpResponseStatusCode.BadRequest, exception.Error);
        }
        catch (Exception exception)
        {
            answer = ManagementAnswer.Refused(
                AmqpResponseStatusCode.InternalServerError, AmqpErrorCode.InternalError, exception.Message);
        }

        replies.Send(request, answer.ToMessage());
        request.Dispose();
    }

    private async ValueTask<ManagementAnswer> HandleAsync(AmqpMessage request)
    {
        var operation = request.ApplicationProperties?.Map["operation"] as string;
        var body = request.ValueBody?.Value as AmqpMap ?? [];
        return operation switch
        {
            "com.microsoft:renew-lock" => Renew(body),
            "com.microsoft:peek-message" => Peek(body),
            "com.microsoft:update-disposition" => await SettleAsync(body).ConfigureAwait(false),
            "com.microsoft:receive-by-sequence-number" => await TakeDeferredAsync(body).ConfigureAwait(false),
            _ => ManagementAnswer.Refused(
                AmqpResponseStatusCode.NotImplemented,
                AmqpErrorCode.NotImplemented,
                $"This broker does not do '{operation}'."),
        };
    }

    private ManagementAnswer Renew(AmqpMap body)
    {
        var expirations = Required<Guid[]>(body, ManagementFields.LockTokens).Select(queue.Renew).ToList();
        return expirations.Contains(null)
            ? ManagementAnswer.LockLost
            : ManagementAnswer.Ok(ManagementFields.Expirations, expirations.Select(until => until!.Value.UtcDateTime).ToArray());
    }

    private ManagementAnswer Peek(AmqpMap body)
    {
        var found = queue.Peek(lane, Required<long>(body, ManagementFields.FromSequenceNumber), Required<int>(body, ManagementFields.MessageCount));
        return found.Count == 0 ? ManagementAnswer.Nothing : Messages(found, locked: false);
    }

    private async Task<ManagementAnswer> SettleAsync(AmqpMap body)
    {
        var settlement = Settlements.FromRequest(body);
        foreach (var token in Required<Guid[]>(body, ManagementFields.LockTokens))
        {
            switch (await queue.SettleAsync(token, settlement).ConfigureAwait(false))
            {
                case SettlementResult.LockLost:
                    return ManagementAnswer.LockLost;
                case SettlementResult.NotAllowed:
                    throw BrokerErrors.NotAllowed("A dead letter cannot be dead-lettered.");
                default:
                    break;
            }
        }

        return ManagementAnswer.Ok();
    }

    private async Task<ManagementAnswer> TakeDeferredAsync(AmqpMap body)
    {
        const uint ReceiveAndDelete = 0;
        var taken = queue.TakeDeferred(lane, Required<long[]>(body, ManagementFields.SequenceNumbers));
        if (taken.Count == 0)
        {
            return ManagementAnswer.Refused(
                AmqpResponseStatusCode.NotFound, BrokerErrors.MessageNotFound, "No such message is set aside.");
        }

        var answer = Messages(taken, locked: true);
        if (body.TryGetValue<uint>(ManagementFields.ReceiverSettleMode, out var mode) && mode == ReceiveAndDelete)
        {
            foreach (var delivery in taken)
            {
                await queue.SettleAsync(delivery.LockToken, new Settlement(SettlementKind.Complete)).ConfigureAwait(false);
            }
        }

        return answer;
    }

    private ManagementAnswer Messages(IReadOnlyList<MessageView> deliveries, bool locked) =>
        ManagementAnswer.Ok(ManagementFields.Messages, deliveries.Select(delivery => ToMap(delivery, locked)).ToList<object>());

    private AmqpMap ToMap(MessageView delivery, bool locked)
    {
        using var message = MessageContent.ForDelivery(delivery, queue.Options.Name, locked);
        var map = new AmqpMap { { ManagementFields.Message, new ArraySegment<byte>(MessageContent.Bytes(message)) } };
        if (locked)
        {
            map.Add(ManagementFields.LockToken, delivery.LockToken);
        }

        return map;
    }

    private static T Required<T>(AmqpMap body, MapKey name) =>
        body.TryGetValue<T>(name, out var value) && value is not null
            ? value
            : throw new AmqpException(AmqpErrorCode.InvalidField, $"The request lacks '{name}'.");
}

/// <summary>Represents the answer to a management request, in the fields that Service Bus clients read.</summary>
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

/// <summary>Names of fields in management requests and their answers.</summary>
internal static class ManagementFields
{
    public static readonly MapKey LockToken = new("lock-token");
    public static readonly MapKey LockTokens = new("lock-tokens");
    public static readonly MapKey Expirations = new("expirations");
    public static readonly MapKey FromSequenceNumber = new("from-sequence-number");
    public static readonly MapKey MessageCount = new("message-count");
    public static readonly MapKey SequenceNumbers = new("sequence-numbers");
    public static readonly MapKey ReceiverSettleMode = new("receiver-settle-mode");
    public static readonly MapKey Message = new("message");
    public static readonly MapKey Messages = new("messages");
    public static readonly MapKey DispositionStatus = new("disposition-status");
    public static readonly MapKey PropertiesToModify = new("properties-to-modify");
    public static readonly MapKey DeadLetterReason = new("deadletter-reason");
    public static readonly MapKey DeadLetterDescription = new("deadletter-description");
}

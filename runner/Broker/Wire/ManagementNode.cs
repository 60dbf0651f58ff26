using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// The request-and-answer side of one lane, <c>queue/$management</c>: what receivers ask for beside the flow of messages.
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

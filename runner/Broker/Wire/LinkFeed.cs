using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// A client's receiver at our end. In peek-lock the client's decision settles the message; in receive-and-delete it is
/// settled when its last byte has been handed to the connection.
/// </summary>
internal sealed class LinkFeed : IFeed
{
    private readonly BrokerQueue _queue;
    private readonly SendingAmqpLink _link;
    private readonly LanePump _pump;
    private readonly bool _settlesOnSend;
    private readonly Lock _sending = new();
    private bool _draining;

    private LinkFeed(BrokerQueue queue, Lane lane, SendingAmqpLink link)
    {
        _queue = queue;
        _link = link;
        _pump = queue.Pump(lane);
        _settlesOnSend = link.Settings.SettleType == SettleMode.SettleOnSend;
    }

    public bool HasCredit => _link.State == AmqpObjectState.Opened && _link.LinkCredit > 0;

    public static void Attach(BrokerQueue queue, Lane lane, SendingAmqpLink link)
    {
        var feed = new LinkFeed(queue, lane, link);
        link.RegisterDispositionListener(delivery => _ = feed.SettleAsync(delivery));
        link.RegisterCreditListener((_, drain, _) => feed.OnCredit(drain));
        feed._pump.Attach(feed);
        link.SafeAddClosed((_, _) => feed._pump.Detach(feed));
    }

    public bool TrySend(in MessageView delivery)
    {
        var message = MessageContent.ForDelivery(delivery, _queue.Options.Name, locked: !_settlesOnSend);
        message.DeliveryTag = new ArraySegment<byte>(delivery.LockToken.ToByteArray());
        lock (_sending)
        {
            return !_draining && HasCredit && _link.TrySendDelivery(message);
        }
    }

    /// <summary>
    /// Takes note of the client's credit. When a client takes its credit back, nothing may be sent between our answer
    /// and the next credit: it would close the link on a message it had not asked for.
    /// </summary>
    private void OnCredit(bool drain)
    {
        lock (_sending)
        {
            _draining = drain;
        }

        _pump.Wake();
    }

    private async Task SettleAsync(Delivery delivery)
    {
        if (delivery.State is TransactionalState)
        {
            Answer(delivery, BrokerErrors.Rejection(AmqpErrorCode.NotImplemented, "This broker has no transactions."));
            return;
        }

        if (Decision(delivery) is not { } settlement)
        {
            return;
        }

        Outcome outcome;
        try
        {
            var result = await _queue.SettleAsync(new Guid(delivery.DeliveryTag), settlement).ConfigureAwait(false);
            outcome = result switch
            {
                SettlementResult.Done => AmqpConstants.AcceptedOutcome,
                SettlementResult.LockLost => BrokerErrors.Rejection(
                    BrokerErrors.LockLost, "The lock on the message has expired or was given up."),
                SettlementResult.NotAllowed => BrokerErrors.Rejection(
                    AmqpErrorCode.NotAllowed, "A dead letter cannot be dead-lettered."),
            };
        }
        catch (Exception exception)
        {
            outcome = BrokerErrors.Rejection(AmqpErrorCode.InternalError, exception.Message);
        }

        Answer(delivery, outcome);
    }

    /// <summary>
    /// Reads what the client decided about a delivery. A client that nobody receives from gives a message back,
    /// settled, at once; if that comes while the library is still sending, it takes the delivery for one that is
    /// settled on sending, and says "accepted" with an outcome of its own. Nobody has accepted anything then.
    /// </summary>
    private Settlement? Decision(Delivery delivery)
    {
        var state = delivery.State;
        return !_settlesOnSend && ReferenceEquals(state, AmqpConstants.AcceptedOutcome)
            ? new Settlement(SettlementKind.Release)
            : Settlements.FromOutcome(state);
    }

    private void Answer(Delivery delivery, Outcome outcome)
    {
        if (!delivery.Settled)
        {
            _link.DisposeDelivery(delivery, settled: true, outcome);
        }
    }
}

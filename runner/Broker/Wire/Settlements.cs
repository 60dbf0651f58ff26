using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// Reads the decisions of receivers from the wire: from the outcome of a delivery, or from a management request.
/// </summary>
internal static class Settlements
{
    /// <summary>Reads the decision from a delivery's state; null where the state settles nothing.</summary>
    public static Settlement? FromOutcome(DeliveryState? state) => state switch
    {
        Accepted => new Settlement(SettlementKind.Complete),
        Released => new Settlement(SettlementKind.Release),
        Rejected rejected => new Settlement(SettlementKind.DeadLetter, Changes(rejected.Error?.Info)),
        Modified { UndeliverableHere: true } modified => new Settlement(
            SettlementKind.Defer, Changes(modified.MessageAnnotations)),
        Modified modified => new Settlement(SettlementKind.Abandon, Changes(modified.MessageAnnotations)),
        _ => null,
    };

    /// <exception cref="AmqpException">It names no known status.</exception>
    public static Settlement FromRequest(AmqpMap body)
    {
        var changes = Changes(body[ManagementFields.PropertiesToModify] as AmqpMap);
        foreach (var (field, property) in new[]
        {
            (ManagementFields.DeadLetterReason, DeadLetterReasons.Reason),
            (ManagementFields.DeadLetterDescription, DeadLetterReasons.Description),
        })
        {
            if (body[field] is { } value)
            {
                changes[property] = value;
            }
        }

        var status = body[ManagementFields.DispositionStatus] as string;
        return status switch
        {
            "completed" => new Settlement(SettlementKind.Complete),
            "abandoned" => new Settlement(SettlementKind.Abandon, changes),
            // Spelt so by the clients.
            "defered" => new Settlement(SettlementKind.Defer, changes),
            "suspended" => new Settlement(SettlementKind.DeadLetter, changes),
            _ => throw new AmqpException(AmqpErrorCode.InvalidField, $"'{status}' is no disposition status."),
        };
    }

    private static Dictionary<string, object?> Changes(AmqpMap? map)
    {
        var changes = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (KeyValuePair<MapKey, object> entry in map ?? [])
        {
            changes[entry.Key.ToString()] = entry.Value;
        }

        return changes;
    }
}

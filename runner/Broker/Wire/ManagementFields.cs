using Microsoft.Azure.Amqp.Encoding;

namespace Freeway.Runner.Broker.Wire;

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

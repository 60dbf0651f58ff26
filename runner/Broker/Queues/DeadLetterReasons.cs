namespace Freeway.Runner.Broker.Queues;

/// <summary>
/// Says why a message was dead-lettered, as the application properties in which receivers look for it.
/// </summary>
internal static class DeadLetterReasons
{
    public const string Reason = "DeadLetterReason";
    public const string Description = "DeadLetterErrorDescription";

    public static readonly IReadOnlyDictionary<string, object?> Expired = Because(
        "TTLExpiredException", "The message was not received within its time to live.");

    public static IReadOnlyDictionary<string, object?> TooManyDeliveries(QueueOptions options) => Because(
        "MaxDeliveryCountExceeded", $"The message was delivered {options.MaxDeliveryCount} times and never completed.");

    private static Dictionary<string, object?> Because(string reason, string description) =>
        new(StringComparer.Ordinal) { [Reason] = reason, [Description] = description };
}

using Azure.Messaging.ServiceBus;

namespace Freeway.Adapters.ActivityLog;

/// <summary>
/// How a message carries the trace of its own request: under the name that W3C gives it, and under the one that the Functions
/// host and older clients read. Where it is set, the client adds none of its own.
/// </summary>
internal static class MessageTrace
{
    private static readonly string[] Names = ["traceparent", "Diagnostic-Id"];

    public static ServiceBusMessage On(ServiceBusMessage message, string? trace)
    {
        foreach (var name in trace is null ? [] : Names)
        {
            message.ApplicationProperties[name] = trace;
        }

        return message;
    }
}

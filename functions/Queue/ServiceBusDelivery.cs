using Azure.Messaging.ServiceBus;
using Freeway.Gateway.ActivityLog;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Queue;

/// <summary>
/// A message of one invocation. The host settles it for us, and what it throws when it cannot depends on the host.
/// </summary>
internal sealed class ServiceBusDelivery(
    ServiceBusReceivedMessage message, ServiceBusMessageActions actions) : IActivityDelivery
{
    /// <summary>The broker takes no more of it.</summary>
    private const int LongestDescription = 4096;

    public string Id => message.MessageId;

    public ReadOnlyMemory<byte> Body { get; } = message.Body.ToMemory();

    public Task CompleteAsync(CancellationToken cancellation) => SettleAsync(
        actions.CompleteMessageAsync(message, cancellation));

    public Task RefuseAsync(string reason, string description, CancellationToken cancellation) => SettleAsync(actions.DeadLetterMessageAsync(
        message,
        deadLetterReason: reason,
        deadLetterErrorDescription: description.Length > LongestDescription ? description[..LongestDescription] : description,
        cancellationToken: cancellation));

    public Task RenewAsync(CancellationToken cancellation) => SettleAsync(
        actions.RenewMessageLockAsync(message, cancellation));

    public Task ReturnAsync(CancellationToken cancellation) => SettleAsync(
        actions.AbandonMessageAsync(message, cancellationToken: cancellation));

    private static async Task SettleAsync(Task settlement)
    {
        try
        {
            await settlement;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new IOException($"The message was not settled: {error.Message}", error);
        }
    }
}

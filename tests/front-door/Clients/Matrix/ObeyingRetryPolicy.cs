using System.ClientModel.Primitives;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>Retries as the client does, save where the gateway says that it makes no sense. <c>docs/clients.md</c> shows it.</summary>
public sealed class ObeyingRetryPolicy : ClientRetryPolicy
{
    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        !IsFinal(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        !IsFinal(message) && await base.ShouldRetryAsync(message, exception);

    private static bool IsFinal(PipelineMessage message) =>
        message.Response is { } response && response.Headers.TryGetValue("x-should-retry", out var value) && value is "false";
}

using Azure.Core;
using Azure.Core.Pipeline;

namespace Freeway.Adapters.Tables;

/// <summary>
/// The SDK's retries, with an end: what storage has for the next answer is what is left of the time for all of them.
/// Without it a service that takes requests and answers none holds a caller for each of the tries.
/// </summary>
/// <param name="each">How long one answer may take at most.</param>
/// <param name="all">How long a call may take, waits between tries included.</param>
internal sealed class BoundedRetries(
    int retries, TimeSpan firstDelay, TimeSpan longestDelay, TimeSpan each, TimeSpan all)
    : RetryPolicy(retries, DelayStrategy.CreateExponentialDelayStrategy(firstDelay, longestDelay))
{
    /// <summary>No answer can be hoped for in less.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the network takes is real time, whatever day the rest of the process believes it is.</summary>
    private static readonly TimeProvider Clock = TimeProvider.System;

    protected override void OnSendingRequest(HttpMessage message) => Bound(message);

    protected override ValueTask OnSendingRequestAsync(HttpMessage message)
    {
        Bound(message);
        return default;
    }

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        Left(message) >= Least && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        Left(message) >= Least && await base.ShouldRetryAsync(message, exception).ConfigureAwait(false);

    private void Bound(HttpMessage message)
    {
        if (!message.TryGetProperty(typeof(BoundedRetries), out _))
        {
            message.SetProperty(typeof(BoundedRetries), Clock.GetTimestamp());
        }

        var left = Left(message);
        message.NetworkTimeout = left < Least ? Least : left < each ? left : each;
    }

    private TimeSpan Left(HttpMessage message) =>
        message.TryGetProperty(typeof(BoundedRetries), out var began) && began is long timestamp
            ? all - Clock.GetElapsedTime(timestamp)
            : all;
}

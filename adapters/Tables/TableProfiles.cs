using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Freeway.Adapters.Tables;

/// <summary>Sets how patient clients are with storage: their timeouts and retries.</summary>
public static class TableProfiles
{
    private const int Retries = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Makes options with no retries of the SDK's own and three seconds for an answer: for writes whose outcome must be
    /// judged, because a retried write that had landed looks like another's.
    /// </summary>
    public static TableClientOptions Strict(HttpPipelineTransport? transport = null) =>
        Options(retries: 0, TimeSpan.FromSeconds(3), transport);

    /// <summary>
    /// Makes options with two retries, five seconds for each answer and eight for all of them: for reads, and for
    /// writes that may be repeated.
    /// </summary>
    public static TableClientOptions Patient(HttpPipelineTransport? transport = null) =>
        PatientFor(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8), transport);

    /// <param name="each">How long storage may take for one answer.</param>
    /// <param name="all">How long a call may take with its retries; a page of a long list is a call of its own.</param>
    internal static TableClientOptions PatientFor(TimeSpan each, TimeSpan all, HttpPipelineTransport? transport)
    {
        var options = Options(Retries, each, transport);
        options.RetryPolicy = new BoundedRetries(Retries, FirstDelay, LongestDelay, each, all);
        return options;
    }

    private static TableClientOptions Options(int retries, TimeSpan timeout, HttpPipelineTransport? transport)
    {
        var options = new TableClientOptions
        {
            Retry =
            {
                MaxRetries = retries,
                Mode = RetryMode.Exponential,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                NetworkTimeout = timeout,
            },
        };
        // Rows are logged by nobody: they hold keys' hashes and records.
        options.Diagnostics.IsLoggingContentEnabled = false;
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return options;
    }
}

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
    /// <summary>The shortest time in which an answer can be hoped for.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// The clock of the waits. The network takes real time, whatever day the rest of the process believes it is.
    /// </summary>
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

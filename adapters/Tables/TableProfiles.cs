using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Freeway.Adapters.Tables;

/// <summary>How patient a client is with storage.</summary>
public static class TableProfiles
{
    private const int Retries = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// No retries of the SDK's own, three seconds for an answer: for writes whose outcome must be judged, because a retried
    /// write that had landed looks like another's.
    /// </summary>
    public static TableClientOptions Strict(HttpPipelineTransport? transport = null) =>
        Options(retries: 0, TimeSpan.FromSeconds(3), transport);

    /// <summary>
    /// Two retries, five seconds for each answer and eight for all of them: for reads, and for writes that may be
    /// repeated.
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

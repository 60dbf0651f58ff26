using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Freeway.Adapters.Tables;

/// <summary>How patient a client is with storage.</summary>
public static class TableProfiles
{
    /// <summary>
    /// No retries of the SDK's own, three seconds for an answer: for writes whose outcome must be judged, because a retried
    /// write that had landed looks like another's.
    /// </summary>
    public static TableClientOptions Strict(HttpPipelineTransport? transport = null) =>
        Options(retries: 0, TimeSpan.FromSeconds(3), transport);

    /// <summary>Two retries, five seconds for each answer: for reads, and for writes that may be repeated.</summary>
    public static TableClientOptions Patient(HttpPipelineTransport? transport = null) =>
        Options(retries: 2, TimeSpan.FromSeconds(5), transport);

    private static TableClientOptions Options(int retries, TimeSpan timeout, HttpPipelineTransport? transport)
    {
        var options = new TableClientOptions
        {
            Retry =
            {
                MaxRetries = retries,
                Mode = RetryMode.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(2),
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

using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Names the Application Insights that traces, metrics and logs of this process go to, and who signs in there, by the
/// two settings that the Functions host reads for its own telemetry.
/// </summary>
/// <param name="Credential">Null where the connection string's key is enough.</param>
internal sealed record InsightsTarget(string Connection, TokenCredential? Credential)
{
    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string SignInSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <returns>Null where no Application Insights is named.</returns>
    public static InsightsTarget? Of(IConfiguration configuration)
    {
        var connection = configuration[ConnectionSetting];
        var signIn = Parts(configuration[SignInSetting]);
        if (string.IsNullOrWhiteSpace(connection) || OtlpTarget.Disabled(configuration))
        {
            return null;
        }

        return new InsightsTarget(
            connection, signIn.GetValueOrDefault("Authorization") is "AAD" ? Identity(signIn) : null);
    }

    /// <summary>Finds what is wrong with the two settings, by the name of the setting.</summary>
    public static IEnumerable<(string Setting, string Wanted)> Errors(IConfiguration configuration)
    {
        var connection = configuration[ConnectionSetting];
        if (!string.IsNullOrWhiteSpace(connection) && !Parts(connection).ContainsKey("InstrumentationKey"))
        {
            yield return (
                ConnectionSetting, "the connection string of Application Insights, InstrumentationKey=…, or empty");
        }

        var signIn = configuration[SignInSetting];
        if (!string.IsNullOrWhiteSpace(signIn) && Parts(signIn).GetValueOrDefault("Authorization") is not "AAD")
        {
            yield return (SignInSetting, "Authorization=AAD, with ClientId=…; before it for an identity of its own");
        }
    }

    public void Apply(AzureMonitorExporterOptions exporter)
    {
        exporter.ConnectionString = Connection;
        exporter.Credential = Credential;
        // What cannot be sent is dropped, as with OTLP, and not kept on the disk.
        exporter.DisableOfflineStorage = true;
        // The host sends these for the whole app.
        exporter.EnableLiveMetrics = false;
        exporter.EnableStandardMetrics = false;
        exporter.EnablePerformanceCounters = false;
        // Our own sampler has decided; logs are always whole.
        exporter.EnableTraceBasedLogsSampler = false;
    }

    private static ManagedIdentityCredential Identity(IReadOnlyDictionary<string, string> signIn) => new(
        signIn.GetValueOrDefault("ClientId") is { Length: > 0 } client
            ? ManagedIdentityId.FromUserAssignedClientId(client)
            : ManagedIdentityId.SystemAssigned);

    private static Dictionary<string, string> Parts(string? text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                parts[part[..at].Trim()] = part[(at + 1)..].Trim();
            }
        }

        return parts;
    }
}

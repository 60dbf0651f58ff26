using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>The app's settings are those that the code and the platform read, and each trigger has its queue.</summary>
internal static partial class SettingsContract
{
    /// <summary>Settings that the platform reads and the code does not.</summary>
    private static readonly string[] OfThePlatform =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "ServiceBus__credential",
    ];

    public static IEnumerable<Finding> Check(Deployment deployment, CodeContract code)
    {
        var set = deployment.Settings;
        var read = code.Reads.Concat(OfThePlatform).ToArray();
        var choices = code.OneOf.Where(names => !names.Any(set.ContainsKey))
            .Select(names => string.Join(" or ", names));
        var known = read.Concat(code.OneOf.SelectMany(names => names)).Concat(code.Never);
        return
        [
            .. read.Where(name => !set.ContainsKey(name)).Concat(choices)
                .Select(name => Finding.Contract(ContractRule.SettingNotSet, name, "It is read, and not set.")),
            .. set.Keys.Except(known)
                .Select(name => Finding.Contract(ContractRule.SettingNotRead, name, "Nobody reads it.")),
            .. code.Never.Where(set.ContainsKey)
                .Select(name => Finding.Contract(ContractRule.Keyless, name, "It would be a connection string.")),
            .. CheckConnections(set, code),
            .. code.Triggers.SelectMany(trigger => CheckTrigger(deployment, trigger)),
        ];
    }

    private static IEnumerable<Finding> CheckConnections(IReadOnlyDictionary<string, string> set, CodeContract code)
    {
        var connections = code.Triggers.Select(trigger => trigger.Connection).Append("AzureWebJobsStorage");
        foreach (var connection in connections.Distinct())
        {
            if (set.GetValueOrDefault($"{connection}__credential") is not "managedidentity")
            {
                yield return Unconnected(connection, "Its credential must be managedidentity.");
            }

            if (set.GetValueOrDefault($"{connection}__clientId") is null or "")
            {
                yield return Unconnected(connection, "It needs the client id of the identity.");
            }
        }

        const string Telemetry = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
        var signsIn = ArmExpression.Readable(set.GetValueOrDefault(Telemetry, ""));
        if (signsIn is not $"ClientId={ArmExpression.Unknown};Authorization=AAD")
        {
            yield return Unconnected(Telemetry, "It must name the identity.");
        }
    }

    private static IEnumerable<Finding> CheckTrigger(Deployment deployment, TriggerContract trigger)
    {
        var settings = deployment.Settings;
        var queue = Setting().Replace(trigger.Queue, match => settings.GetValueOrDefault(match.Groups[1].Value, "?"));
        var queues = deployment.Of("Microsoft.ServiceBus/namespaces/queues").Select(made => made.Name.Split('/')[^1]);
        if (!queues.Contains(queue))
        {
            var message = $"It listens to the queue {queue}, which is not deployed.";
            yield return Finding.Contract(ContractRule.Queue, trigger.Function, message);
        }

        if (!settings.ContainsKey($"{trigger.Connection}__fullyQualifiedNamespace"))
        {
            yield return Unconnected(trigger.Function, "It needs the namespace of its queue.");
        }
    }

    private static Finding Unconnected(string place, string message) =>
        Finding.Contract(ContractRule.Connection, place, message);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}

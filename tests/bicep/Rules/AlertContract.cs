using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>The alerts are there, notify somebody, and ask for metrics, functions and messages that exist.</summary>
internal static partial class AlertContract
{
    private const string Metrics = "Microsoft.Insights/metricAlerts";
    private const string Queries = "Microsoft.Insights/scheduledQueryRules";

    private static readonly (string Type, string Name)[] Wanted =
    [
        (Metrics, "DeadletteredMessages"),
        (Metrics, "Transactions"),
        (Queries, "server-errors"),
        (Queries, "no-daily-reset"),
        (Queries, "old-outbox"),
        (Queries, "alarms"),
    ];

    /// <summary>Metrics with a dimension and the values that Azure documents for it; none for any value.</summary>
    private static readonly Dictionary<(string Metric, string Dimension), string[]> Dimensions = new()
    {
        [("DeadletteredMessages", "EntityName")] = [],
        [("Transactions", "ResponseType")] =
            ["ServerBusyError", "ClientThrottlingError", "ClientAccountRequestThrottlingError"],
    };

    /// <summary>Every word of our queries that is neither text nor defined in the query itself.</summary>
    private static readonly string[] QueryWords =
    [
        "AppMetrics", "AppRequests", "AppTraces",
        "ItemCount", "Message", "Name", "ResultCode", "Success", "Sum", "TimeGenerated",
        "union", "where", "summarize", "project", "parse", "with", "and", "endswith",
        "ago", "count", "iff", "isnotnull", "long", "max", "sum", "toint", "h",
    ];

    public static IEnumerable<Finding> Check(Deployment deployment, CodeContract code) =>
    [
        .. Wanted.Where(alert => !deployment.Of(alert.Type).Any(rule => rule.Json.Contains(alert.Name)))
            .Select(alert => Wrong(alert.Name, "There is no such alert.")),
        .. deployment.Of(Metrics).Concat(deployment.Of(Queries)).Where(rule => !Notifies(rule))
            .Select(rule => Wrong(rule.Name, "It notifies nobody.")),
        .. deployment.Of(Metrics).SelectMany(CheckDimensions),
        .. deployment.Of(Queries).SelectMany(rule => CheckQuery(rule, code)),
    ];

    private static bool Notifies(Resource rule) =>
        rule.At("properties.actions")?.GetRawText().Contains("/actionGroups/", StringComparison.Ordinal) is true;

    private static IEnumerable<Finding> CheckDimensions(Resource rule) =>
        from criterion in rule.List("properties.criteria.allOf")
        let metric = criterion.GetProperty("metricName").GetString()
        from dimension in criterion.GetProperty("dimensions").EnumerateArray()
        let name = dimension.GetProperty("name").GetString()
        let values = dimension.GetProperty("values").EnumerateArray().Select(value => value.GetString()!)
        where dimension.GetProperty("operator").GetString() is not "Include"
            || !Dimensions.TryGetValue((metric, name), out var known)
            || (known.Length > 0 && values.Except(known).Any())
        select Wrong(rule.Name, $"{metric} has no dimension {name} with these values.");

    private static IEnumerable<Finding> CheckQuery(Resource rule, CodeContract code)
    {
        var query = rule.Text("properties.criteria.allOf.0.query") ?? "";
        var withoutTexts = Quoted().Replace(query, "");
        var defined = Definition().Matches(withoutTexts).Select(match => match.Groups["name"].Value).ToArray();
        var strangers = Word().Matches(withoutTexts).Select(match => match.Value).Except(QueryWords).Except(defined);
        var functions = FunctionName().Matches(query)
            .Select(match => match.Groups["name"].Value)
            .Except(code.Functions);
        var messages = LogMessage().Matches(query).Select(match => match.Groups["text"].Value)
            .Where(text => !code.Messages.Any(message => message.StartsWith(text, StringComparison.Ordinal)));
        var measured = new[] { rule.Text("properties.criteria.allOf.0.metricMeasureColumn")! }.Except(defined);
        return
        [
            .. functions.Select(name => Wrong(rule.Name, $"There is no function {name}.")),
            .. messages.Select(text => Wrong(rule.Name, $"Nobody logs '{text}'.")),
            .. strangers.Select(word => Wrong(rule.Name, $"'{word}' is no word of our queries.")),
            .. measured.Select(column => Wrong(rule.Name, $"The query yields no column {column}.")),
        ];
    }

    private static Finding Wrong(string alert, string message) => Finding.Contract(ContractRule.Alert, alert, message);

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<name>\w+)( = |:long)")]
    private static partial Regex Definition();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();

    /// <summary>Functions are named whole, or as the metric <c>NAME Successes</c> of the platform.</summary>
    [GeneratedRegex("endswith \"(?<name>.+?)( Successes)?\"|Name == \"(?<name>\\w+)\"")]
    private static partial Regex FunctionName();

    [GeneratedRegex("parse Message with \"(?<text>[^\"]+)\"")]
    private static partial Regex LogMessage();
}

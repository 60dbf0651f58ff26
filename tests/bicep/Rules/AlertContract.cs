using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>
/// The alerts are there, notify somebody, and ask for metrics, functions and messages that exist; so does the workbook.
/// </summary>
internal static partial class AlertContract
{
    private const string Metrics = "Microsoft.Insights/metricAlerts";
    private const string Queries = "Microsoft.Insights/scheduledQueryRules";
    private const string Workbooks = "Microsoft.Insights/workbooks";

    private static readonly (string Type, string Name)[] Wanted =
    [
        (Metrics, "DeadletteredMessages"),
        (Metrics, "Transactions"),
        (Queries, "server-errors"),
        (Queries, "no-daily-reset"),
        (Queries, "old-outbox"),
        (Queries, "alarms"),
        (Queries, "own-refusals"),
        (Queries, "upstream-failures"),
    ];

    /// <summary>Metrics with a dimension and the values that Azure documents for it; none for any value.</summary>
    private static readonly Dictionary<(string Metric, string Dimension), string[]> Dimensions = new()
    {
        [("DeadletteredMessages", "EntityName")] = [],
        [("Transactions", "ResponseType")] =
            ["ServerBusyError", "ClientThrottlingError", "ClientAccountRequestThrottlingError"],
    };

    /// <summary>Metrics of tuning, which the dashboard for Grafana shows.</summary>
    private static readonly string[] NotInTheWorkbook =
    [
        "freeway.cache.lookups", "freeway.queue.send.duration", "freeway.queue.send.records",
        "freeway.upstream.duration",
    ];

    /// <summary>Every word of our queries that is neither text nor defined in the query itself.</summary>
    private static readonly string[] QueryWords =
    [
        "AppDependencies", "AppMetrics", "AppRequests", "AppTraces",
        "ItemCount", "Message", "Name", "Properties", "ResultCode", "Success", "Sum", "TimeGenerated",
        "union", "where", "extend", "summarize", "by", "project", "parse", "with", "and", "endswith", "in",
        "ago", "count", "iff", "isempty", "isnotnull", "long", "max", "sum", "sumif", "todouble", "toint", "tostring",
        "h", "code", "outcome", "upstream",
    ];

    public static IEnumerable<Finding> Check(Deployment deployment, CodeContract code) =>
    [
        .. Wanted.Where(alert => !deployment.Of(alert.Type).Any(rule => rule.Json.Contains(alert.Name)))
            .Select(alert => Wrong(alert.Name, "There is no such alert.")),
        .. deployment.Of(Metrics).Concat(deployment.Of(Queries)).Where(rule => !Notifies(rule))
            .Select(rule => Wrong(rule.Name, "It notifies nobody.")),
        .. deployment.Of(Metrics).SelectMany(CheckDimensions),
        .. deployment.Of(Queries).SelectMany(rule => CheckQuery(rule, code)),
        .. deployment.Of(Queries).Concat(deployment.Of(Workbooks)).SelectMany(asking => CheckNames(asking, code)),
        .. CheckWorkbook(deployment, code),
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

    /// <summary>Freeway's own metrics and refusal codes are those of the code.</summary>
    private static IEnumerable<Finding> CheckNames(Resource asking, CodeContract code)
    {
        var codes = Codes().Matches(asking.Json)
            .SelectMany(list => Lowercase().Matches(list.Groups["codes"].Value))
            .Select(match => match.Value)
            .Except(code.RefusalCodes);
        return
        [
            .. MetricName().Matches(asking.Json).Select(match => match.Groups["name"].Value).Except(code.Metrics)
                .Select(name => Wrong(asking.Name, $"Nobody measures {name}.")),
            .. codes.Select(name => Wrong(asking.Name, $"Nothing is refused as {name}.")),
        ];
    }

    /// <summary>There is one workbook, its queries are of this workspace, and it is the JSON of a workbook.</summary>
    private static IEnumerable<Finding> CheckWorkbook(Deployment deployment, CodeContract code)
    {
        if (deployment.Of(Workbooks).ToArray() is not [var workbook])
        {
            return [Wrong("workbook", "There is not one workbook.")];
        }

        using var document = JsonDocument.Parse(workbook.Text("properties.serializedData")!);
        var queries = document.RootElement.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("type").GetInt32() is 3)
            .Select(item => item.GetProperty("content"))
            .ToArray();
        var asked = queries.SelectMany(query => MetricName().Matches(query.GetRawText()))
            .Select(match => match.Groups["name"].Value);
        return
        [
            .. queries.Where(query => !query.GetProperty("crossComponentResources")[0].GetString()!.Contains(
                    "/Microsoft.OperationalInsights/workspaces/", StringComparison.Ordinal))
                .Select(query => Wrong(query.GetProperty("title").GetString()!, "It does not ask the workspace.")),
            .. code.Metrics.Except(asked).Except(NotInTheWorkbook)
                .Select(name => Wrong("workbook", $"It does not show {name}.")),
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

    /// <summary>A metric as it is quoted in JSON, and in JSON within JSON.</summary>
    [GeneratedRegex(@"Name == (\\+u0022|\\+""|"")(?<name>freeway\.[a-z_.]+)")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"Properties\.code\) in[^(]*\((?<codes>[^)]*)\)")]
    private static partial Regex Codes();

    [GeneratedRegex("[a-z]+(_[a-z]+)+|(?<=u0022)[a-z]+|(?<=\")[a-z]+")]
    private static partial Regex Lowercase();

    [GeneratedRegex("parse Message with \"(?<text>[^\"]+)\"")]
    private static partial Regex LogMessage();
}

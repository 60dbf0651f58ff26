using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Freeway.Tests.Shared;

namespace Freeway.Functions.Tests.Telemetry;

/// <summary>
/// The dashboard for Grafana and the documentation name the metrics that the code has, and all of them.
/// </summary>
public sealed partial class MetricNamesTests
{
    private static readonly IReadOnlyList<Instrument> Instruments = FreewayInstruments.All();

    [Fact]
    public void GrafanasDashboard_AsksForTheMetricsThatThereAre()
    {
        var known = Instruments.SelectMany(Series).ToArray();
        var asked = Series().Matches(Read("eng", "grafana", "freeway.json")).Select(match => match.Value).Distinct();

        asked.ShouldBeSubsetOf(known);
    }

    [Fact]
    public void GrafanasDashboard_ShowsEveryMetric()
    {
        var dashboard = Read("eng", "grafana", "freeway.json");

        Instruments
            .Where(made => !Series(made).Any(name => dashboard.Contains(name + "{", StringComparison.Ordinal)))
            .Select(instrument => instrument.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Documentation_NamesTheMetricsThatThereAre() =>
        Row().Matches(Read("docs", "telemetry.md")).Select(match => match.Groups[1].Value).Order()
            .ShouldBe(Instruments.Select(instrument => instrument.Name).Order());

    /// <summary>The names under which Prometheus keeps a metric that came by OTLP.</summary>
    private static IEnumerable<string> Series(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        // A unit in braces is a remark, and no part of the name.
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit is "s" ? "_seconds" : "");
        return type == typeof(Counter<>) ? [name + "_total"]
            : type == typeof(Histogram<>) ? [name + "_bucket", name + "_count", name + "_sum"]
            : [name];
    }

    private static string Read(params string[] path) =>
        File.ReadAllText(Path.Combine([RepositoryFolder.Root, .. path]));

    [GeneratedRegex(@"\bfreeway_[a-z_]+")]
    private static partial Regex Series();

    [GeneratedRegex(@"^\| `(freeway\.[a-z_.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Finds where one signal is sent: the most specific of OpenTelemetry's variables, else our setting, else its general
/// variable.
/// </summary>
internal sealed record OtlpTarget(Uri Endpoint, OtlpExportProtocol Protocol, string? Headers)
{
    public const string Traces = "traces";
    public const string Metrics = "metrics";
    public const string Logs = "logs";

    private static readonly string[] Signals = ["", "TRACES_", "METRICS_", "LOGS_"];

    private const string Grpc = "grpc";
    private const string HttpProtobuf = "http/protobuf";

    /// <returns>Null where nobody is to be told.</returns>
    public static OtlpTarget? Of(IConfiguration configuration, TelemetryOptions options, string signal)
    {
        var own = Variable("ENDPOINT", signal);
        if (Disabled(configuration) || !Uri.TryCreate(
            own ?? General("ENDPOINT", options.OtlpEndpoint), UriKind.Absolute, out var endpoint))
        {
            return null;
        }

        var protocol = (Variable("PROTOCOL", signal) ?? General("PROTOCOL", options.OtlpProtocol)) is Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        // A signal's own address is taken as it is; the general one is where all three have their places.
        var place = own is null && protocol is OtlpExportProtocol.HttpProtobuf ? new Uri(
            endpoint.AbsoluteUri.TrimEnd('/') + "/v1/" + signal) : endpoint;
        return new OtlpTarget(place, protocol, Variable("HEADERS", signal) ?? General("HEADERS", options.OtlpHeaders));

        string? Variable(string name, string of) => Text(
            configuration[$"OTEL_EXPORTER_OTLP_{of.ToUpperInvariant()}_{name}"]);
        string? General(string name, string? ours) => Text(ours) ?? Text(configuration[$"OTEL_EXPORTER_OTLP_{name}"]);
    }

    /// <summary>Finds what is wrong with the settings of telemetry, by the name of the setting.</summary>
    public static IEnumerable<(string Setting, string Wanted)> Errors(
        IConfiguration configuration, TelemetryOptions options)
    {
        foreach (var (setting, endpoint) in Settings(configuration, "ENDPOINT", "OtlpEndpoint", options.OtlpEndpoint))
        {
            if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                yield return (setting, "the absolute http or https address of an OTLP collector");
            }
        }

        foreach (var (setting, protocol) in Settings(configuration, "PROTOCOL", "OtlpProtocol", options.OtlpProtocol))
        {
            if (protocol is not (Grpc or HttpProtobuf))
            {
                yield return (setting, $"{HttpProtobuf} or {Grpc}");
            }
        }

        if (options.SampleRatio is not (>= 0 and <= 1))
        {
            yield return ("Freeway__Telemetry__SampleRatio", "0 to 1");
        }
    }

    public void Apply(OtlpExporterOptions exporter)
    {
        exporter.Endpoint = Endpoint;
        exporter.Protocol = Protocol;
        exporter.Headers = Headers;
    }

    private static IEnumerable<(string Setting, string Value)> Settings(
        IConfiguration configuration, string variable, string setting, string? ours) =>
        Signals
            .Select(signal => $"OTEL_EXPORTER_OTLP_{signal}{variable}")
            .Select(name => (name, Text(configuration[name])))
            .Append(($"Freeway__Telemetry__{setting}", Text(ours)))
            .Where(pair => pair.Item2 is not null)!;

    /// <summary>Tells whether <c>OTEL_SDK_DISABLED</c> turns all export off.</summary>
    public static bool Disabled(IConfiguration configuration) => bool.TryParse(
        configuration["OTEL_SDK_DISABLED"], out var disabled) && disabled;

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

namespace Freeway.Functions.Telemetry;

/// <summary>Where telemetry goes. Unless an endpoint is named, here or as OpenTelemetry's own variables name it, nothing is measured.</summary>
public sealed class TelemetryOptions
{
    /// <summary>An OTLP collector, e.g. <c>https://collector.example.com:4318</c>: traces, metrics and logs go there. Stands in for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Headers that the collector asks for, as <c>name=value</c> with commas between: a secret, as a rule. Stands in for <c>OTEL_EXPORTER_OTLP_HEADERS</c>.</summary>
    public string? OtlpHeaders { get; set; }

    /// <summary><c>http/protobuf</c> or <c>grpc</c>. Stands in for <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>; <c>http/protobuf</c> where neither says.</summary>
    public string? OtlpProtocol { get; set; }

    /// <summary>Which share of the requests is traced, 0 to 1. Metrics and logs are always whole.</summary>
    public double SampleRatio { get; set; } = 1;
}

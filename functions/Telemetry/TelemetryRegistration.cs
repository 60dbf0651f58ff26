using System.Diagnostics;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Brings the export over OTLP, where a collector is named. It stands beside what the Functions host itself sends to
/// Application Insights, the logs of this process included: nothing is taken away from there.
/// </summary>
public static class TelemetryRegistration
{
    private const string WebServer = "Microsoft.AspNetCore";
    private const string HttpClients = "System.Net.Http.HttpClient";

    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, IConfiguration configuration, TelemetryOptions options)
    {
        // The web server would log each path and query as it was sent, and a caller may put a key there.
        // HTTP clients log four lines a call, and the worker's Service Bus extension settles each message by a call.
        services.AddSingleton(options).AddLogging(logging => logging
            .AddFilter(WebServer, LogLevel.Warning)
            .AddFilter(HttpClients, LogLevel.Warning));
        if (OtlpTarget.Of(configuration, options, OtlpTarget.Traces) is not null || OtlpTarget.Of(
            configuration, options, OtlpTarget.Metrics) is not null)
        {
            services.AddHostedService(
                provider => new TelemetryExport(configuration, options, provider.GetRequiredService<Random>()));
        }

        return OtlpTarget.Of(configuration, options, OtlpTarget.Logs) is { } logs ? services.AddLogging(
            logging => Export(logging, configuration, logs)) : services;
    }

    private static void Export(ILoggingBuilder logging, IConfiguration configuration, OtlpTarget target) => logging
        .AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Warning)
        .AddFilter<OpenTelemetryLoggerProvider>(Meters.Name, LogLevel.Information)
        .AddOpenTelemetry(lines =>
        {
            lines.IncludeFormattedMessage = true;
            lines.SetResourceBuilder(TelemetryExport.Resource(configuration, ResourceBuilder.CreateDefault()));
            lines.AddProcessor(new RequestLines());
            lines.AddOtlpExporter(target.Apply);
        });
}

/// <summary>
/// Configures where telemetry goes. Unless an endpoint is named, here or as OpenTelemetry's own variables name it,
/// nothing is measured.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// An OTLP collector, e.g. <c>https://collector.example.com:4318</c>: traces, metrics and logs go there. Stands in
    /// for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
    /// </summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>
    /// Headers that the collector asks for, as <c>name=value</c> with commas between: a secret, as a rule. Stands in
    /// for <c>OTEL_EXPORTER_OTLP_HEADERS</c>.
    /// </summary>
    public string? OtlpHeaders { get; set; }

    /// <summary>
    /// <c>http/protobuf</c> or <c>grpc</c>. Stands in for <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>; <c>http/protobuf</c>
    /// where neither says.
    /// </summary>
    public string? OtlpProtocol { get; set; }

    /// <summary>The share of the requests that is traced, 0 to 1. Metrics and logs are always whole.</summary>
    public double SampleRatio { get; set; } = 1;
}

/// <summary>
/// Puts the request's id on every line that is logged for it. Scopes as such are not exported: the web server keeps the
/// path there as it was sent, and a caller may have put anything there.
/// </summary>
internal sealed class RequestLines : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        for (var span = Activity.Current; span is not null; span = span.Parent)
        {
            if (span.GetTagItem(Tracing.RequestId) is { } id)
            {
                data.Attributes = [.. data.Attributes ?? [], KeyValuePair.Create<string, object?>(
                    Tracing.RequestId, id)];
                return;
            }
        }
    }
}

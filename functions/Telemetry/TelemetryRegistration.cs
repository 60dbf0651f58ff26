using System.Diagnostics;
using Azure.Monitor.OpenTelemetry.Exporter;
using Freeway.Gateway.Core;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Brings the export of traces, metrics and logs: to Application Insights and to an OTLP collector, each where it is
/// named. Where none is, no provider is built and nothing is measured.
/// </summary>
public static class TelemetryRegistration
{
    private const string WebServer = "Microsoft.AspNetCore";
    private const string HttpClients = "System.Net.Http.HttpClient";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, IConfiguration configuration, TelemetryOptions options)
    {
        // The web server would log each path and query as it was sent, and a caller may put a key there.
        // HTTP clients log four lines a call, and the worker's Service Bus extension settles each message by a call.
        services.AddSingleton(options).AddLogging(logging => logging
            .AddFilter(WebServer, LogLevel.Warning)
            .AddFilter(HttpClients, LogLevel.Warning));
        var insights = InsightsTarget.Of(configuration);
        var traces = OtlpTarget.Of(configuration, options, OtlpTarget.Traces);
        var metrics = OtlpTarget.Of(configuration, options, OtlpTarget.Metrics);
        var logs = OtlpTarget.Of(configuration, options, OtlpTarget.Logs);
        var isNamed = insights is not null || traces is not null || metrics is not null || logs is not null;
        return isNamed
            ? services.AddExport(configuration, options.SampleRatio, insights, traces, metrics, logs)
            : services;
    }

    // Apart from the above, so that a process that exports nothing does not even load what would.
    private static IServiceCollection AddExport(
        this IServiceCollection services, IConfiguration configuration, double ratio,
        InsightsTarget? insights, OtlpTarget? traces, OtlpTarget? metrics, OtlpTarget? logs)
    {
        var telemetry = services.AddOpenTelemetry();
        if (insights is not null || traces is not null)
        {
            // The worker's own span of each invocation joins ours to the host's; the host leaves both, and logs, to us.
            telemetry.UseFunctionsWorkerDefaults().WithTracing(tracing => Trace(tracing, ratio, insights, traces));
        }

        // The worker's package names the service after its program, so our own name comes after it.
        telemetry.ConfigureResource(resource => Resource(configuration, resource));
        if (insights is not null || metrics is not null)
        {
            telemetry.WithMetrics(measuring => Measure(measuring, insights, metrics));
        }

        if (insights is not null || logs is not null)
        {
            telemetry.WithLogging(
                logging => Log(logging, insights, logs), lines => lines.IncludeFormattedMessage = true);
            services.AddLogging(logging => logging
                .AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Warning)
                .AddFilter<OpenTelemetryLoggerProvider>(Meters.Name, LogLevel.Information));
        }

        return services;
    }

    /// <summary>
    /// Names this service: <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> go before our own name.
    /// </summary>
    internal static ResourceBuilder Resource(IConfiguration configuration, ResourceBuilder resource) =>
        resource.AddService(
            configuration[ServiceName] is { Length: > 0 } name ? name : "freeway",
            serviceVersion: ProductVersion.Current);

    private static void Trace(
        TracerProviderBuilder tracing, double ratio, InsightsTarget? insights, OtlpTarget? collector)
    {
        if (ratio is 0)
        {
            tracing.SetSampler(new AlwaysOffSampler());
            return;
        }

        tracing.AddSource(Tracing.Name).AddProcessor(new InvocationSpans());
        if (insights is not null)
        {
            tracing.AddAzureMonitorTraceExporter(insights.Apply);
        }

        if (collector is not null)
        {
            tracing.AddOtlpExporter(collector.Apply);
        }

        // The last one set is the one that draws, and the exporter above has brought its own.
        ((IDeferredTracerProviderBuilder)tracing).Configure((services, built) =>
            built.SetSampler(new RequestSampler(ratio, services.GetRequiredService<Random>())));
    }

    private static void Measure(MeterProviderBuilder measuring, InsightsTarget? insights, OtlpTarget? collector)
    {
        measuring.AddMeter(Meters.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime");
        if (insights is not null)
        {
            measuring.AddAzureMonitorMetricExporter(insights.Apply);
        }

        if (collector is not null)
        {
            measuring.AddOtlpExporter(collector.Apply);
        }
    }

    private static void Log(LoggerProviderBuilder logging, InsightsTarget? insights, OtlpTarget? collector)
    {
        logging.AddProcessor(new RequestLines());
        if (insights is not null)
        {
            logging.AddAzureMonitorLogExporter(insights.Apply);
        }

        if (collector is not null)
        {
            logging.AddOtlpExporter(collector.Apply);
        }
    }
}

/// <summary>
/// Configures where telemetry goes. Unless an endpoint is named, here or as OpenTelemetry's own variables or those of
/// Application Insights name it, nothing is measured.
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

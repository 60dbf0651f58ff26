using Freeway.Gateway.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Brings the export over OTLP, where a collector is named. It stands beside what the Functions host itself sends to Application
/// Insights, the logs of this process included: nothing is taken away from there.
/// </summary>
public static class TelemetryRegistration
{
    private const string WebServer = "Microsoft.AspNetCore";
    private const string HttpClients = "System.Net.Http.HttpClient";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration, TelemetryOptions options)
    {
        // The web server would log each path and query as it was asked for, and a stranger may put a key there.
        // HTTP clients log four lines a call, and the worker's Service Bus extension settles each message by a call.
        services.AddSingleton(options).AddLogging(logging => logging
            .AddFilter(WebServer, LogLevel.Warning)
            .AddFilter(HttpClients, LogLevel.Warning));
        if (OtlpTarget.Of(configuration, options, OtlpTarget.Traces) is not null || OtlpTarget.Of(configuration, options, OtlpTarget.Metrics) is not null)
        {
            services.AddHostedService(provider => new TelemetryExport(configuration, options, provider.GetRequiredService<Random>()));
        }

        return OtlpTarget.Of(configuration, options, OtlpTarget.Logs) is { } logs ? services.AddLogging(logging => Export(logging, configuration, logs)) : services;
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

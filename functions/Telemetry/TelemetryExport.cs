using System.Diagnostics;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Sends spans and measurements to the collector while the process runs, and what is left when it stops. Outage stance:
/// a collector that is away costs memory within a bound, and then the oldest spans; no request waits for it.
/// </summary>
internal sealed class TelemetryExport(IConfiguration configuration, TelemetryOptions options, Random random) : IHostedService, IDisposable
{
    /// <summary>
    /// The longest time for the last spans, and again for the last measurements, when the process stops; less than the
    /// drain is given.
    /// </summary>
    private const int FlushMilliseconds = 2500;

    private const string ServiceName = "OTEL_SERVICE_NAME";

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>
    /// Names this service: <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> go before our own name.
    /// </summary>
    public static ResourceBuilder Resource(IConfiguration configuration, ResourceBuilder resource) =>
        resource.AddService(
            configuration[ServiceName] is { Length: > 0 } name ? name : "freeway",
            serviceVersion: ProductVersion.Current);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.SampleRatio > 0 && OtlpTarget.Of(configuration, options, OtlpTarget.Traces) is { } traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => Resource(configuration, resource))
                .SetSampler(new RequestSampler(options.SampleRatio, random))
                .AddSource(Tracing.Name)
                .AddOtlpExporter(traces.Apply)
                .Build();
        }

        if (OtlpTarget.Of(configuration, options, OtlpTarget.Metrics) is { } metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => Resource(configuration, resource))
                .AddMeter(Meters.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                .AddOtlpExporter(metrics.Apply)
                .Build();
        }

        return Task.CompletedTask;
    }

    /// <summary>Comes after all that is traced has stopped.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(FlushMilliseconds);
        _metrics?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}

/// <summary>
/// Draws for each request whether its trace is recorded; that holds for all of its spans. Neither a caller's flag nor
/// its choice of a trace id has a say in it: a caller can give a trace its name, but cannot make us keep it, or hide.
/// </summary>
internal sealed class RequestSampler(double ratio, Random random) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var recorded = samplingParameters.Kind is ActivityKind.Server || parent.TraceId == default
            ? Draw()
            : parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        return new SamplingResult(recorded ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }

    private bool Draw()
    {
        lock (random)
        {
            return random.NextDouble() < ratio;
        }
    }
}

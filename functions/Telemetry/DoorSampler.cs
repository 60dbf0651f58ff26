using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Whether a trace is recorded is drawn at our door, and holds from there on. Neither a caller's flag nor its choice of a trace
/// id has a say in it: a stranger can give a trace its name, but cannot make us keep it, or hide.
/// </summary>
internal sealed class DoorSampler(double ratio, Random random) : Sampler
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

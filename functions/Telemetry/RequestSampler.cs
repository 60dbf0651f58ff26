using System.Diagnostics;
using Freeway.Gateway.Core;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Freeway.Functions.Telemetry;

/// <summary>
/// Draws for each request, and for each run of a timer or a batch, whether its trace is recorded; that holds for all of
/// its spans. Neither a caller's flag nor its choice of a trace id has a say in it: a caller can give a trace its name,
/// but cannot make us keep it, or hide.
/// </summary>
internal sealed class RequestSampler(double ratio, Random random) : Sampler
{
    /// <summary>The tag that the Functions worker gives its span of an invocation, and nobody else any span.</summary>
    private const string InvocationId = "faas.invocation_id";

    /// <summary>The caller's own tracestate is left out: a caller may have put anything there.</summary>
    private const string NoState = "";

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        // The worker's span is the first of its request, and the host's or the caller's context is its parent.
        var isInvocation = samplingParameters.Tags?.Any(tag => tag.Key is InvocationId) is true;
        var isFirst = isInvocation || parent.TraceId == default
            || (samplingParameters.Kind is ActivityKind.Server && parent.IsRemote);
        var recorded = isFirst ? Draw() : parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        if (recorded)
        {
            return new SamplingResult(SamplingDecision.RecordAndSample, NoState);
        }

        // An invocation that is not drawn still has its span, so that the request within it does not draw again.
        return new SamplingResult(isInvocation ? SamplingDecision.RecordOnly : SamplingDecision.Drop, NoState);
    }

    private bool Draw()
    {
        lock (random)
        {
            return random.NextDouble() < ratio;
        }
    }
}

/// <summary>
/// Keeps out of the export what the Functions worker writes on the span of an invocation that failed: the exception's
/// message, which may hold anything. The request's own span tells the kind of the error.
/// </summary>
internal sealed class InvocationSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name is not Tracing.WorkerName)
        {
            return;
        }

        if (data.Status is ActivityStatusCode.Error)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }

        // Events cannot be taken off a span.
        if (data.Events.Any())
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}

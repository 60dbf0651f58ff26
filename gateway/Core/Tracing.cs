using System.Diagnostics;

namespace Freeway.Gateway.Core;

/// <summary>
/// Makes spans. One trace goes from the HTTP endpoint through ledger and upstream, and with the activity record through
/// the queue. A span that nobody listens to is null and costs nothing.
/// </summary>
public static class Tracing
{
    public const string Name = "Freeway";

    /// <summary>The source of the span that the Functions worker has around each invocation.</summary>
    public const string WorkerName = "Microsoft.Azure.Functions.Worker";

    /// <summary>The tag by which a request's spans and log lines find its activity record.</summary>
    public const string RequestId = "freeway.request.id";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Gets whether anybody listens to Freeway's spans; if not, nothing need be prepared for one.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>
    /// The W3C context of the present span, to be stored with work that is finished elsewhere; null where it is not
    /// recorded.
    /// </summary>
    public static string? Here => Activity.Current is { Recorded: true } current ? current.Id : null;

    /// <summary>
    /// Starts the span of an incoming request. Its caller's <c>traceparent</c> names the trace; whether it is recorded
    /// is decided here, and not by the caller. A host that records the invocation itself is the parent instead, and the
    /// decision is the one that was made for the invocation.
    /// </summary>
    public static Activity? Enter(string name, string? traceparent)
    {
        if (Activity.Current is { Recorded: true, Source.Name.Length: > 0 })
        {
            return Source.StartActivity(name, ActivityKind.Server);
        }

        if (Activity.Current is { Source.Name: WorkerName })
        {
            return null;
        }

        var parent = Read(traceparent);
        if (parent == default)
        {
            // The server's own span, which nobody records, would otherwise become the parent.
            Activity.Current = null;
        }

        return Source.StartActivity(name, ActivityKind.Server, parent);
    }

    /// <summary>Starts a span within the present one; null where that is not recorded.</summary>
    public static Activity? Step(string name, ActivityKind kind = ActivityKind.Internal) =>
        Activity.Current is { Recorded: true } ? Source.StartActivity(name, kind) : null;

    /// <summary>Continues a trace that was stored; null where none was.</summary>
    public static Activity? Resume(string name, ActivityKind kind, string? stored)
    {
        var parent = Source.HasListeners() ? Read(stored) : default;
        return parent == default ? null : Source.StartActivity(name, kind, parent);
    }

    /// <summary>
    /// Starts a trace of its own for work that serves many callers, linked to those of theirs that are recorded; null
    /// where none is.
    /// </summary>
    public static Activity? Shared(string name, ActivityKind kind, IEnumerable<ActivityContext> theirs)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var recorded = theirs.Where(context => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)).Distinct();
        var links = recorded.Select(context => new ActivityLink(context)).ToList();
        return links.Count is 0 ? null : Source.StartActivity(name, kind, default(ActivityContext), tags: null, links);
    }

    /// <summary>Marks a span as failed.</summary>
    /// <param name="word">The kind of error, from a fixed set.</param>
    public static void Fault(this Activity span, string word)
    {
        span.SetTag("error.type", word);
        span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>
    /// Reads the context that a <c>traceparent</c> names; default where it names none. Tracestate and baggage are
    /// ignored.
    /// </summary>
    private static ActivityContext Read(string? traceparent) =>
        ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context : default;
}

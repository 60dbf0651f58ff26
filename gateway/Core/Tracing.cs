using System.Diagnostics;

namespace Freeway.Gateway.Core;

/// <summary>
/// Where spans come from. One trace goes from the HTTP endpoint through ledger and upstream, and with the activity record
/// through the queue. A span that nobody listens to is null and costs nothing.
/// </summary>
public static class Tracing
{
    public const string Name = "Freeway";

    /// <summary>The tag by which a request's spans and log lines find its activity record.</summary>
    public const string RequestId = "freeway.request.id";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>False where no span of ours would be kept, so that nothing need be prepared for one.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>
    /// The W3C context of what is under way, to be kept with what is finished elsewhere; null where it is not recorded.
    /// </summary>
    public static string? Here => Activity.Current is { Recorded: true } current ? current.Id : null;

    /// <summary>
    /// A request comes in. Its caller's <c>traceparent</c> names the trace; whether it is recorded is decided here, and
    /// not by the caller. A host that records the invocation itself is the parent instead.
    /// </summary>
    public static Activity? Enter(string name, string? traceparent)
    {
        if (Activity.Current is { Recorded: true, Source.Name.Length: > 0 })
        {
            return Source.StartActivity(name, ActivityKind.Server);
        }

        var parent = Read(traceparent);
        if (parent == default)
        {
            // Else the server's own span, which nobody records, would be taken for the parent.
            Activity.Current = null;
        }

        return Source.StartActivity(name, ActivityKind.Server, parent);
    }

    /// <summary>A part of what is under way; null where that is not recorded.</summary>
    public static Activity? Step(string name, ActivityKind kind = ActivityKind.Internal) =>
        Activity.Current is { Recorded: true } ? Source.StartActivity(name, kind) : null;

    /// <summary>Goes on with a trace that was kept; null where none was.</summary>
    public static Activity? Resume(string name, ActivityKind kind, string? kept) =>
        kept is not null && Source.HasListeners() && Read(kept) is { } parent && parent != default ? Source.StartActivity(name, kind, parent) : null;

    /// <summary>
    /// Work for many at once: a trace of its own, linked to those of theirs that are recorded; null where none is.
    /// </summary>
    public static Activity? Shared(string name, ActivityKind kind, IEnumerable<ActivityContext> theirs)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var links = theirs.Where(context => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)).Distinct().Select(context => new ActivityLink(context)).ToList();
        return links.Count is 0 ? null : Source.StartActivity(name, kind, default(ActivityContext), tags: null, links);
    }

    /// <summary>A span's end as an error, by a word of ours.</summary>
    public static void Fault(this Activity span, string word)
    {
        span.SetTag("error.type", word);
        span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>
    /// Default where it is none: whatever else stands there is forgotten, tracestate and baggage with it.
    /// </summary>
    private static ActivityContext Read(string? traceparent) =>
        ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context : default;
}

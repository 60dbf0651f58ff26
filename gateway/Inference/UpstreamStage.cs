using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Sends an admitted request along its routes (step 7) until one answers, and has the answer relayed (step 8). Nothing
/// is tried again once a byte of an answer is there. Every way out is an outcome to settle by: the stage never throws.
/// </summary>
public sealed class UpstreamStage(
    RouteSelector routes,
    AttemptLeases leases,
    UpstreamCaller caller,
    UpstreamOptions options,
    TimeProvider clock,
    ILogger<UpstreamStage> logger)
{
    /// <summary>Tries one route after the other.</summary>
    public async Task<UpstreamOutcome> RunAsync(AdmittedRequest admitted)
    {
        UpstreamOutcome outcome;
        try
        {
            outcome = await TryRoutesAsync(admitted);
        }
        catch (Exception bug)
        {
            // The request is admitted: whatever is wrong here, it has to be settled.
            InferenceLog.RequestFailed(logger, admitted.Context.Exchange.RequestId, bug);
            outcome = UpstreamOutcome.Failed(null, Refuse.InternalError()) with { Reason = "error" };
            LogFailure(admitted, outcome);
        }

        return outcome;
    }

    private async Task<UpstreamOutcome> TryRoutesAsync(AdmittedRequest admitted)
    {
        var (request, quote) = (admitted.Context, admitted.Quote);
        var estimate = leases.Estimate(request, quote);
        var plan = routes.Plan(request, quote, estimate);
        foreach (var excluded in plan.Excluded.Where(excluded => excluded.CouldServe))
        {
            request.Attempts.Add(excluded.Route, null, TimeSpan.Zero, excluded.Exclusion?.WireName());
        }

        // The limit on the whole answer ends reads and writes as the caller's leaving does. All attempts share it.
        using var gone = new TimeLimit(options.Total, clock, request.CallerGone);
        UpstreamOutcome? last = null;
        var earliest = plan.Soonest;
        foreach (var route in plan.Routes.Take(ActivityBounds.Attempts))
        {
            var started = clock.GetTimestamp();
            QuotaLeaseResult leased;
            try
            {
                leased = await leases.TakeAsync(admitted, route, estimate, gone.Token);
            }
            catch (OperationCanceledException)
            {
                return last ?? Interrupted(admitted, route);
            }

            if (!leased.Granted(out var lease, out var shortage))
            {
                var reason = shortage.Limit is null ? "ledger_unavailable" : "no_allowance";
                request.Attempts.Add(route, null, clock.GetElapsedTime(started), reason);
                earliest = earliest < shortage.Until ? earliest : shortage.Until;
                continue;
            }

            last = await TryAsync(admitted, route, started, gone.Token);
            AttemptLeases.Settle(admitted, last, lease);
            if (!last.MayGoOn || gone.IsOver)
            {
                return last;
            }
        }

        return last is null
            ? NoRoute(admitted, plan, earliest)
            : WithWait(last, routes.Plan(request, quote, estimate));
    }

    /// <summary>Makes one attempt, and notes what became of it.</summary>
    private async Task<UpstreamOutcome> TryAsync(
        AdmittedRequest admitted, ModelRoute route, long started, CancellationToken gone)
    {
        var noted = false;
        var surface = admitted.Context.Exchange.Surface;
        using var span = UpstreamSpan.Start(surface.Path, route.Upstream, route.UpstreamModel);
        var outcome = await caller.CallAsync(admitted, route, Note, gone);
        if (outcome.Usage == RequestUsage.None)
        {
            // Usage that was settled before the end of the answer stays: the answer has reported it.
            outcome = outcome with { Usage = Usage.Of(admitted, outcome) };
        }

        Note(outcome.Reply?.Status, outcome.Reason);
        LogFailure(admitted, outcome);
        span?.End(outcome.Reply?.Status, outcome.Reason ?? outcome.ErrorCode);
        return outcome;

        void Note(int? status, string? reason)
        {
            // An answer that is passed on is noted before it ends, so that its own report can name this attempt.
            if (!noted)
            {
                admitted.Context.Attempts.Add(route, status, clock.GetElapsedTime(started), reason);
                noted = true;
            }
            else if (reason is not null)
            {
                admitted.Context.Attempts.Fail(reason); // it failed before any of its answer was passed on
            }
        }
    }

    /// <summary>Ends a request that nothing was sent for: its caller left, or its time ran out.</summary>
    private UpstreamOutcome Interrupted(AdmittedRequest admitted, ModelRoute route)
    {
        var exchange = admitted.Context.Exchange;
        if (exchange.CallerGone.IsCancellationRequested)
        {
            exchange.Break();
            return UpstreamOutcome.CallerGone(route) with { Counts = false };
        }

        var outcome = UpstreamOutcome.Failed(route, Refuse.UpstreamTimeout());
        LogFailure(admitted, outcome);
        return outcome;
    }

    private UpstreamOutcome NoRoute(AdmittedRequest admitted, RoutePlan plan, DateTimeOffset? earliest)
    {
        var outcome = UpstreamOutcome.Failed(null, routes.WhyNoRoute(plan, earliest));
        LogFailure(admitted, outcome);
        return outcome;
    }

    /// <summary>Adds to a failure how long to wait, where after it no route can be taken.</summary>
    private UpstreamOutcome WithWait(UpstreamOutcome failed, RoutePlan now) =>
        now is { Routes: [], Soonest: { } earliest } && failed.Refusal is { } refusal && earliest > clock.GetUtcNow()
            ? failed with { Refusal = refusal with { RetryAfter = earliest - clock.GetUtcNow() } }
            : failed;

    private void LogFailure(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            var upstream = outcome.Route?.Upstream ?? "none";
            InferenceLog.UpstreamFailed(logger, upstream, admitted.Context.Exchange.RequestId, refusal.Message);
        }
    }
}

/// <summary>Configures the longest times that an upstream may take.</summary>
public sealed class UpstreamOptions
{
    /// <summary>
    /// The longest time until an answer's headers. 1 s to 10 min. Front ends cut answers that are idle for 230 s.
    /// </summary>
    public TimeSpan FirstByte { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest time of a whole answer. 1 s to 1 h; below the host's functionTimeout.</summary>
    public TimeSpan Total { get; set; } = TimeSpan.FromMinutes(9);
}

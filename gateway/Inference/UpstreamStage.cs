using System.Buffers;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Gateway.Upstreams.Routing;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Sends an admitted request along its routes until one answers, and relays the answer. Nothing is tried again once a
/// byte of an answer is there. Every way out is an outcome to settle by: it never throws.
/// </summary>
public sealed class UpstreamStage(
    RouteStage routes,
    IUpstreamBreakers breakers,
    IUpstreamClient upstreams,
    StreamRelay streams,
    JsonRelay jsons,
    BytesRelay bytes,
    UpstreamOptions options,
    RelayOptions relayOptions,
    TimeProvider clock,
    ILogger<UpstreamStage> logger)
{
    private const int CallerGoneStatus = 499;

    public async Task<UpstreamOutcome> RunAsync(AdmittedRequest request, RequestSettlement books)
    {
        try
        {
            return await RouteAsync(request, books);
        }
        catch (Exception bug)
        {
            // The request is admitted: whatever is wrong here, it has to be settled.
            InferenceLog.RequestFailed(logger, request.Asked.Exchange.RequestId, bug);
            return Failed(null, Refuse.InternalError(), request.Asked.Exchange) with { Reason = "error" };
        }
    }

    private async Task<UpstreamOutcome> RouteAsync(AdmittedRequest request, RequestSettlement books)
    {
        var exchange = request.Asked.Exchange;
        var plan = routes.Plan(request);
        PassOver(request.Asked, plan);

        // The total is counted as the caller leaving: it ends reads and writes alike. All attempts share it.
        using var total = new CancellationTokenSource(options.Total, clock);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(exchange.CallerGone, total.Token);
        UpstreamOutcome? last = null;
        DateTimeOffset? soonest = plan.Soonest;
        foreach (var route in plan.Ways.Take(ActivityBounds.Attempts))
        {
            var started = clock.GetTimestamp();
            QuotaLeaseResult answer;
            try
            {
                answer = await routes.TakeAsync(request, route, gone.Token);
            }
            catch (OperationCanceledException)
            {
                return last ?? (exchange.CallerGone.IsCancellationRequested ? CallerGone(route, exchange) with { Counts = false } : Failed(route, Refuse.UpstreamTimeout(), exchange));
            }

            if (!answer.Granted(out var allowance, out var shortage))
            {
                request.Asked.Attempts.Add(route, null, clock.GetElapsedTime(started), shortage.Limit is null ? "ledger_unavailable" : "no_allowance");
                soonest = soonest < shortage.Until ? soonest : shortage.Until;
                continue;
            }

            last = await TryAsync(request, books, route, started, gone.Token);
            RouteStage.Settle(request, last, allowance);
            if (!last.MayGoOn || gone.IsCancellationRequested)
            {
                return last;
            }
        }

        return last is null ? Nowhere(plan, soonest, exchange) : Later(last, routes.Plan(request));
    }

    /// <summary>One attempt, and what became of it.</summary>
    private async Task<UpstreamOutcome> TryAsync(AdmittedRequest request, RequestSettlement books, ModelRoute route, long started, CancellationToken gone)
    {
        var logged = false;
        using var span = UpstreamSpan.Start(request.Asked.Exchange.Surface.Path, route.Upstream, route.UpstreamModel);
        var outcome = await CallAsync(request, books, route, Log, gone);
        Log(outcome.Reply?.Status, outcome.Reason);
        span?.End(outcome.Reply?.Status, outcome.Reason ?? outcome.ErrorCode);
        return outcome;

        void Log(int? status, string? reason)
        {
            // The one whose answer is passed on is there before its end is told.
            if (!logged)
            {
                request.Asked.Attempts.Add(route, status, clock.GetElapsedTime(started), reason);
                logged = true;
            }
            else if (reason is not null)
            {
                request.Asked.Attempts.Fail(reason); // it failed before any of its answer was passed on
            }
        }
    }

    private async Task<UpstreamOutcome> CallAsync(AdmittedRequest request, RequestSettlement books, ModelRoute route, Action<int?, string?> log, CancellationToken gone)
    {
        var exchange = request.Asked.Exchange;
        try
        {
            var upstream = RouteStage.UpstreamOf(request, route);
            var call = new UpstreamCall(upstream, exchange.Surface.Path, request.Asked.Body.For(
                route.UpstreamModel, request.Quote.OutputCeiling, request.Quote.Slug.Variant is Variant.Flex, request.Quote.ImageSize));
            var started = clock.GetTimestamp();
            using var reply = await breakers.RunAsync(
                upstream.Place, () => FirstByteAsync(call, request, exchange, route, gone), answer => answer.Status >= 500);
            routes.Answered(upstream, route, reply, clock.GetElapsedTime(started));
            var mayPass = reply.IsSuccess || IsCallersDoing(reply.Status);

            // A stream that had to begin before the upstream answered can only be gone on with by a stream.
            if (mayPass && (!exchange.HasBegun || reply.IsEventStream))
            {
                log(reply.Status, null);
                return await RelayAsync(request, books, route, reply, gone);
            }

            return Failed(route, Refuse.UpstreamError($"it answered with status {reply.Status}"), exchange) with
            {
                Reply = reply,
                Counts = mayPass,
                Rejected = mayPass,
                MayGoOn = !mayPass,
                Reason = reply.Status is 429 ? "rate_limited" : reply.Status >= 500 ? "server_error" : "refused",
            };
        }
        catch (UpstreamBrokenException broken)
        {
            return Failed(route, Refuse.UpstreamError(broken.Message), exchange) with { MayGoOn = true, Reached = false, Reason = "broken" };
        }
        catch (UpstreamUnreachableException unreachable)
        {
            return Failed(route, Refuse.UpstreamError(unreachable.Message), exchange) with { MayGoOn = true, Reached = !WasNeverConnected(unreachable), Reason = "unreachable" };
        }
        catch (TimeoutException)
        {
            return Failed(route, Refuse.UpstreamTimeout(), exchange) with { MayGoOn = true, Reason = "timeout" };
        }
        catch (OperationCanceledException) when (exchange.CallerGone.IsCancellationRequested)
        {
            return CallerGone(route, exchange);
        }
        catch (OperationCanceledException)
        {
            return Failed(route, Refuse.UpstreamTimeout(), exchange) with { Reason = "timeout" };
        }
        catch (Exception bug)
        {
            InferenceLog.RequestFailed(logger, exchange.RequestId, bug);
            return Failed(route, Refuse.InternalError(), exchange) with { Reason = "error" };
        }
    }

    /// <summary>
    /// The upstream's headers, within the time they may take. A caller who streams is kept company meanwhile.
    /// </summary>
    private async Task<UpstreamReply> FirstByteAsync(
        UpstreamCall call, AdmittedRequest request, IExchange exchange, ModelRoute route, CancellationToken gone)
    {
        using var firstByte = new CancellationTokenSource(options.FirstByte, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, firstByte.Token);
        try
        {
            var sending = upstreams.SendAsync(call, either.Token);
            while (request.Asked.Body.MayBeginEarly && await StaysSilentAsync(sending, either.Token))
            {
                if (!exchange.HasBegun)
                {
                    exchange.Begin(Head(request, route, 200, "text/event-stream", null));
                }

                exchange.Body.Write(": freeway\n\n"u8);
                await exchange.Body.FlushAsync(either.Token);
            }

            return await StreamRecognition.RecogniseAsync(await sending, request.Asked.Body.Stream, either.Token);
        }
        catch (OperationCanceledException) when (firstByte.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task<bool> StaysSilentAsync(Task sending, CancellationToken cancellation)
    {
        await sending.WaitAsync(relayOptions.Heartbeat, clock, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !sending.IsCompleted && !cancellation.IsCancellationRequested;
    }

    private async Task<UpstreamOutcome> RelayAsync(
        AdmittedRequest request, RequestSettlement books, ModelRoute route, UpstreamReply reply, CancellationToken gone)
    {
        var (asked, exchange) = (request.Asked, request.Asked.Exchange);
        var headersAfter = clock.GetElapsedTime(asked.Started);
        var unread = asked.Body.Surface.AnswersBytes && !reply.IsJson && !reply.IsEventStream;
        var rename = asked.IsToldItsModel && reply.IsSuccess && !unread ? new ModelRename(request.Quote.Model.Id, reply.IsEventStream) : null;
        var addendum = asked.Options.IncludesAny && reply.IsSuccess && !unread ? Addendum : (Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>?)null;
        var body = rename is null ? reply.Body : new RenamedStream(reply.Body, rename);
        if (!exchange.HasBegun)
        {
            exchange.Begin(Head(request, route, reply.Status, reply.ContentType, reply.IsEventStream || addendum is not null || rename is not null ? null : reply.ContentLength));
        }

        var relay = reply.IsEventStream
            ? await streams.RelayAsync(body, exchange.Body, asked.Body.Surface.Stream, asked.Body.LacksUsage, addendum, gone)
            : unread ? await bytes.RelayAsync(reply.Body, exchange.Body, gone)
            : await jsons.RelayAsync(body, exchange.Body, asked.Once is not null, withholdError: reply.IsSuccess, addendum, gone);
        var outcome = Relayed(relay);
        switch (relay.Ending)
        {
            case RelayEnding.Completed:
                await exchange.CompleteAsync();
                return outcome;
            case RelayEnding.CallerGone:
                exchange.Break();
                // A flush can find the caller gone before the caller's token fires. Only where the token of both has
                // fired, and the caller's has not, has the time for the whole answer ended it.
                var timeIsOver = gone.IsCancellationRequested && !exchange.CallerGone.IsCancellationRequested;
                return timeIsOver
                    ? outcome with { ErrorCode = "upstream_timeout" }
                    : outcome with { Status = CallerGoneStatus, ErrorCode = "caller_gone" };
            case RelayEnding.UpstreamBroke when !relay.AnyAnswerWritten:
                return Failed(route, Refuse.UpstreamError("it failed before any of an answer came"), exchange) with
                {
                    Reply = reply,
                    MayGoOn = true,
                    Reason = "broken",
                };
            case RelayEnding.UpstreamTimedOut when !relay.AnyAnswerWritten:
                return Failed(route, Refuse.UpstreamTimeout(), exchange) with { Reply = reply, MayGoOn = true, Reason = "timeout" };
            default:
                exchange.Break();
                return outcome with { ErrorCode = relay.Ending is RelayEnding.UpstreamBroke ? "upstream_error" : "upstream_timeout" };
        }

        UpstreamOutcome Relayed(RelayResult result) => new(reply.Status, Counts: !reply.IsSuccess || !result.HasFailedEmpty)
        {
            Route = route,
            Reply = reply,
            Relay = rename is null ? result : result with { UpstreamModel = rename.Theirs },
            Rejected = !reply.IsSuccess,
            ErrorCode = !reply.IsSuccess ? "upstream_rejected" : result.HasFailed ? "upstream_error" : null,
            FirstByteAfter = headersAfter + result.FirstByteAfter,
        };

        async ValueTask<ReadOnlyMemory<byte>> Addendum(RelayResult soFar) =>
            await books.NoteAsync(Relayed(soFar)) is { } note ? exchange.Write(note) : default;
    }

    private static void PassOver(ParsedRequest asked, RoutePlan plan)
    {
        foreach (var barred in plan.Barred.Where(barred => barred.CouldServe))
        {
            asked.Attempts.Add(barred.Route, null, TimeSpan.Zero, barred.Bar?.WireName());
        }
    }

    private UpstreamOutcome Nowhere(RoutePlan plan, DateTimeOffset? soonest, IExchange exchange)
    {
        if (soonest is null && plan.Barred.Any(barred => barred.Bar is RouteExclusion.Incapable))
        {
            return Failed(null, Refuse.InvalidField("model", "None of the model's upstreams can do all that this request asks for. Choose another model."), exchange);
        }

        var reason = soonest is not null ? "their limits are spent, or they are being left alone after failures" : "none of the model's upstreams has its key configured";
        var wait = soonest - clock.GetUtcNow();
        return Failed(null, Refuse.NoRoute(reason, wait > TimeSpan.FromSeconds(1) ? wait : wait is null ? null : TimeSpan.FromSeconds(1)), exchange);
    }

    /// <summary>A failure after which all routes have to wait says how long.</summary>
    private UpstreamOutcome Later(UpstreamOutcome failed, RoutePlan now) =>
        now is { Ways: [], Soonest: { } soonest } && failed.Refusal is { } refusal && soonest > clock.GetUtcNow()
            ? failed with { Refusal = refusal with { RetryAfter = soonest - clock.GetUtcNow() } }
            : failed;

    private static UpstreamOutcome CallerGone(ModelRoute route, IExchange exchange)
    {
        // The upstream was at work on it, so it counts.
        exchange.Break();
        return new UpstreamOutcome(CallerGoneStatus, Counts: true) { Route = route, ErrorCode = "caller_gone", Reason = "caller_gone", Relay = null };
    }

    private UpstreamOutcome Failed(ModelRoute? route, Refusal refusal, IExchange exchange)
    {
        InferenceLog.UpstreamFailed(logger, route?.Upstream ?? "none", exchange.RequestId, refusal.Message);
        return UpstreamOutcome.Failed(route, refusal);
    }

    /// <summary>Nothing of the request can have arrived: it need not be counted there.</summary>
    private static bool WasNeverConnected(UpstreamUnreachableException unreachable) => unreachable.InnerException is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    private static AnswerHead Head(AdmittedRequest request, ModelRoute route, int status, string? contentType, long? length) =>
        new(status, contentType, length, request.Quote.Model.Id, route.Upstream, request.Tier, request.Reservation.Limits);

    /// <summary>
    /// An upstream's refusal of what the caller sent, as against one of our key, our rate or our catalogue.
    /// </summary>
    private static bool IsCallersDoing(int status) => status is 400 or 409 or 413 or 415 or 422;
}

/// <summary>How long an upstream may take.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Until its headers are there. 1 s to 10 min. Front ends cut answers that are idle for 230 s.</summary>
    public TimeSpan FirstByte { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>For the whole answer. 1 s to 1 h; below the host's functionTimeout.</summary>
    public TimeSpan Total { get; set; } = TimeSpan.FromMinutes(9);
}

using System.Buffers;
using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Inference.Relays;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Routes an admitted request, calls the upstream and relays its answer. Every way out is an outcome to settle by:
/// it never throws.
/// </summary>
public sealed class UpstreamStage(
    CatalogueSnapshot catalogue,
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

    public async Task<UpstreamOutcome> RunAsync(AdmittedRequest request, RequestBooks books)
    {
        var exchange = request.Asked.Exchange;
        if (catalogue.Router.Choose(request.Quote.Model) is not { } route)
        {
            return Failed(null, Refuse.UpstreamError("none of the model's upstreams has its key configured"), exchange);
        }

        // The total is counted as the caller leaving: it ends reads and writes alike.
        using var total = new CancellationTokenSource(options.Total, clock);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(exchange.CallerGone, total.Token);
        try
        {
            var call = new UpstreamCall(route.Upstream, exchange.Surface.Path, Body(request, route));
            using var reply = await FirstByteAsync(call, request, exchange, route, gone.Token).ConfigureAwait(false);
            var mayPass = reply.IsSuccess || IsCallersDoing(reply.Status);

            // A stream that had to begin before the upstream answered can only be gone on with by a stream.
            return mayPass && (!exchange.HasBegun || reply.IsEventStream)
                ? await RelayAsync(request, books, route, reply, gone.Token).ConfigureAwait(false)
                : Failed(route, Refuse.UpstreamError($"it answered with status {reply.Status}"), exchange) with { Reply = reply, Counts = mayPass, Rejected = mayPass };
        }
        catch (UpstreamUnreachableException unreachable)
        {
            return Failed(route, Refuse.UpstreamError(unreachable.Message), exchange);
        }
        catch (TimeoutException)
        {
            return Failed(route, Refuse.UpstreamTimeout(), exchange);
        }
        catch (OperationCanceledException) when (exchange.CallerGone.IsCancellationRequested)
        {
            // The upstream was at work on it, so it counts.
            exchange.Break();
            return new UpstreamOutcome(CallerGoneStatus, Counts: true) { Route = route, ErrorCode = "caller_gone", Relay = null };
        }
        catch (OperationCanceledException)
        {
            return Failed(route, Refuse.UpstreamTimeout(), exchange);
        }
        catch (Exception bug)
        {
            InferenceLog.RequestFailed(logger, exchange.RequestId, bug);
            return Failed(route, Refuse.InternalError(), exchange);
        }
    }

    /// <summary>The upstream's headers, within the time they may take. A caller who streams is kept company meanwhile.</summary>
    private async Task<UpstreamReply> FirstByteAsync(
        UpstreamCall call, AdmittedRequest request, IExchange exchange, ModelRoute route, CancellationToken gone)
    {
        using var firstByte = new CancellationTokenSource(options.FirstByte, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, firstByte.Token);
        try
        {
            var sending = upstreams.SendAsync(call, either.Token);
            while (request.Asked.Body.Stream && await StaysSilentAsync(sending, either.Token).ConfigureAwait(false))
            {
                if (!exchange.HasBegun)
                {
                    exchange.Begin(Head(request, route, 200, "text/event-stream", null));
                }

                exchange.Body.Write(": freeway\n\n"u8);
                await exchange.Body.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }

            return await sending.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (firstByte.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task<bool> StaysSilentAsync(Task sending, CancellationToken cancellation)
    {
        var pause = Task.Delay(relayOptions.Heartbeat, clock, cancellation);
        return await Task.WhenAny(sending, pause).ConfigureAwait(false) == pause && pause.IsCompletedSuccessfully;
    }

    private async Task<UpstreamOutcome> RelayAsync(
        AdmittedRequest request, RequestBooks books, ModelRoute route, UpstreamReply reply, CancellationToken gone)
    {
        var (asked, exchange) = (request.Asked, request.Asked.Exchange);
        var headersAfter = clock.GetElapsedTime(asked.Started);
        var unread = asked.Body.Surface.AnswersBytes && !reply.IsJson && !reply.IsEventStream;
        var addendum = asked.Wishes.IncludeQuota && reply.IsSuccess && !unread ? Addendum : (Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>?)null;
        if (!exchange.HasBegun)
        {
            exchange.Begin(Head(request, route, reply.Status, reply.ContentType, reply.IsEventStream || addendum is not null ? null : reply.ContentLength));
        }

        var relay = reply.IsEventStream
            ? await streams.RelayAsync(reply.Body, exchange.Body, asked.Body.Surface.Stream, asked.Body.LacksUsage, addendum, gone).ConfigureAwait(false)
            : unread ? await bytes.RelayAsync(reply.Body, exchange.Body, gone).ConfigureAwait(false)
            : await jsons.RelayAsync(reply.Body, exchange.Body, asked.Once is not null, addendum, gone).ConfigureAwait(false);
        var outcome = Relayed(relay);
        switch (relay.Ending)
        {
            case RelayEnding.Completed:
                await exchange.CompleteAsync().ConfigureAwait(false);
                return outcome;
            case RelayEnding.CallerGone:
                exchange.Break();
                return exchange.CallerGone.IsCancellationRequested
                    ? outcome with { Status = CallerGoneStatus, ErrorCode = "caller_gone" }
                    : outcome with { ErrorCode = "upstream_timeout" };
            case RelayEnding.UpstreamBroke or RelayEnding.UpstreamTimedOut when !relay.AnyByteWritten:
                return Failed(route, relay.Ending is RelayEnding.UpstreamBroke ? Refuse.UpstreamError("it broke off") : Refuse.UpstreamTimeout(), exchange)
                    with
                { Reply = reply };
            default:
                exchange.Break();
                return outcome with { ErrorCode = relay.Ending is RelayEnding.UpstreamBroke ? "upstream_error" : "upstream_timeout" };
        }

        UpstreamOutcome Relayed(RelayResult result) => new(reply.Status, Counts: true)
        {
            Route = route,
            Reply = reply,
            Relay = result,
            Rejected = !reply.IsSuccess,
            ErrorCode = reply.IsSuccess ? null : "upstream_rejected",
            FirstByteAfter = headersAfter + result.FirstByteAfter,
        };

        async ValueTask<ReadOnlyMemory<byte>> Addendum(RelayResult soFar) =>
            await books.NoteAsync(Relayed(soFar)).ConfigureAwait(false) is { } note ? exchange.Write(note) : default;
    }

    private UpstreamOutcome Failed(ModelRoute? route, Refusal refusal, IExchange exchange)
    {
        InferenceLog.UpstreamFailed(logger, route?.Upstream ?? "none", exchange.RequestId, refusal.Message);
        return new UpstreamOutcome(refusal.Code is RefusalCode.UpstreamTimeout ? 504 : 502, Counts: false)
        {
            Route = route,
            Refusal = refusal,
            ErrorCode = refusal.Code is RefusalCode.UpstreamTimeout ? "upstream_timeout" : "upstream_error",
        };
    }

    private static JsonPieces Body(AdmittedRequest request, ModelRoute route) =>
        new(request.Asked.Body.Rewrite(route.UpstreamModel, request.Asked.Body.LacksUsage, request.Quote.OutputCeiling, request.Quote.Slug.Variant is Variant.Flex));

    private static AnswerHead Head(AdmittedRequest request, ModelRoute route, int status, string? contentType, long? length) =>
        new(status, contentType, length, request.Quote.Model.Id, route.Upstream, request.Tier, request.Reservation.Limits);

    /// <summary>An upstream's refusal of what the caller sent, as against one of our key, our rate or our catalogue.</summary>
    private static bool IsCallersDoing(int status) => status is 400 or 409 or 413 or 415 or 422;
}

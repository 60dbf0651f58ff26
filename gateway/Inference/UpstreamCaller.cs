using System.Buffers;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Translation;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Makes one attempt: sends the request to one upstream, and relays the answer or says what went wrong.
/// </summary>
public sealed class UpstreamCaller(
    IUpstreamBreakers breakers,
    IUpstreamClient upstreams,
    AttemptLeases leases,
    RelayStage relay,
    UpstreamOptions options,
    RelayOptions relayOptions,
    TimeProvider clock,
    ILogger<UpstreamCaller> logger)
{
    private static readonly Refusal Unanswered = Refuse.UpstreamTimeout();

    /// <param name="passed">Hears that an answer is about to be passed on, with its status.</param>
    /// <param name="gone">Fires when the caller goes away, or the time for the whole answer is over.</param>
    public async Task<UpstreamOutcome> CallAsync(
        AdmittedRequest admitted, ModelRoute route, Action<int?, string?> passed, CancellationToken gone)
    {
        var exchange = admitted.Context.Exchange;
        try
        {
            return await SendAsync(admitted, route, passed, gone);
        }
        catch (UpstreamBrokenException broken)
        {
            return Failed(Refuse.UpstreamError(broken.Message), "broken") with { MayGoOn = true, Reached = false };
        }
        catch (UpstreamUnreachableException unreachable)
        {
            return Failed(Refuse.UpstreamError(unreachable.Message), "unreachable") with
            {
                MayGoOn = true,
                Reached = !WasNeverConnected(unreachable),
            };
        }
        catch (TimeoutException)
        {
            return Failed(Unanswered, "timeout") with { MayGoOn = true };
        }
        catch (OperationCanceledException) when (exchange.CallerGone.IsCancellationRequested)
        {
            exchange.Break();
            return UpstreamOutcome.CallerGone(route);
        }
        catch (OperationCanceledException)
        {
            // The time for the whole answer is over: no other route is tried.
            return Failed(Unanswered, "timeout");
        }
        catch (Exception bug)
        {
            InferenceLog.RequestFailed(logger, exchange.RequestId, bug);
            return Failed(Refuse.InternalError(), "error");
        }

        UpstreamOutcome Failed(Refusal refusal, string reason) =>
            UpstreamOutcome.Failed(route, refusal) with { Reason = reason };
    }

    private async Task<UpstreamOutcome> SendAsync(
        AdmittedRequest admitted, ModelRoute route, Action<int?, string?> passed, CancellationToken gone)
    {
        var (quote, exchange) = (admitted.Quote, admitted.Context.Exchange);
        var upstream = admitted.UpstreamOf(route);
        var isFlex = quote.Slug.Variant is Variant.Flex;
        var body = admitted.Context.Body.For(route.UpstreamModel, quote.OutputCeiling, isFlex, quote.ImageSize);
        var spoken = exchange.Surface.Among(upstream.Surfaces)!;
        var call = new UpstreamCall(upstream, spoken.Path, body) { Headers = admitted.Context.Options.Passed };
        if (spoken != exchange.Surface)
        {
            if (!MessagesToChat.Translate((Upstreams.JsonPieces)body).Accepted(out var translated, out var refusal))
            {
                // Another upstream may speak the surface itself, and know what this one cannot be told.
                return UpstreamOutcome.Failed(route, refusal) with
                {
                    MayGoOn = true,
                    Reached = false,
                    Reason = "untranslatable",
                };
            }

            call = new UpstreamCall(upstream, spoken.Path, translated);
        }

        var started = clock.GetTimestamp();
        using var reply = await breakers.RunAsync(
            upstream.EndpointId, () => FirstByteAsync(call, admitted, route, gone), answer => answer.Status >= 500);
        leases.Learn(upstream, route, reply, clock.GetElapsedTime(started));

        // A stream that had to begin before the upstream answered can only be gone on with by a stream.
        var mayPass = reply.IsSuccess || IsCallersDoing(reply.Status);
        if (mayPass && (!exchange.HasBegun || reply.IsEventStream))
        {
            passed(reply.Status, null);
            return await relay.RelayAsync(admitted, route, reply, gone);
        }

        return UpstreamOutcome.Failed(route, Refuse.UpstreamError($"it answered with status {reply.Status}")) with
        {
            Reply = reply,
            Counts = mayPass,
            Rejected = mayPass,
            MayGoOn = !mayPass,
            Reason = reply.Status switch { 429 => "rate_limited", >= 500 => "server_error", _ => "refused" },
        };
    }

    /// <summary>
    /// Waits for the answer's headers, within their time. A caller who streams gets comments meanwhile.
    /// </summary>
    /// <exception cref="TimeoutException">The headers took too long.</exception>
    private async Task<UpstreamReply> FirstByteAsync(
        UpstreamCall call, AdmittedRequest admitted, ModelRoute route, CancellationToken gone)
    {
        var exchange = admitted.Context.Exchange;
        using var firstByte = new TimeLimit(options.FirstByte, clock, gone);
        try
        {
            var sending = upstreams.SendAsync(call, firstByte.Token);
            while (admitted.Context.Body.MayBeginEarly && await StaysSilentAsync(sending, firstByte.Token))
            {
                if (!exchange.HasBegun)
                {
                    exchange.Begin(admitted.Head(route, 200, "text/event-stream", null));
                }

                exchange.Body.Write(": freeway\n\n"u8);
                await exchange.Body.FlushAsync(firstByte.Token);
            }

            return await StreamRecognition.RecogniseAsync(await sending, admitted.Context.Body.Stream, firstByte.Token);
        }
        catch (OperationCanceledException) when (firstByte.IsOver && !gone.IsCancellationRequested)
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

    /// <summary>
    /// Tells whether nothing of the request can have arrived, so that the upstream cannot have counted it.
    /// </summary>
    private static bool WasNeverConnected(UpstreamUnreachableException unreachable) =>
        unreachable.InnerException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };

    /// <summary>
    /// Tells an upstream's refusal of what the caller sent from one of our key, our rate or our catalogue.
    /// </summary>
    private static bool IsCallersDoing(int status) => status is 400 or 409 or 413 or 415 or 422;
}

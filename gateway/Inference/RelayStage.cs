using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Translation;
using Freeway.Gateway.Models;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference;

/// <summary>Relays an upstream's answer to the caller (step 8) and reads in passing what was used.</summary>
public sealed class RelayStage(
    StreamRelay streams, JsonRelay jsons, BytesRelay bytes, SettlementStage settlement, ResponseCacheOptions cache,
    TimeProvider clock)
{
    /// <param name="gone">Fires when the caller goes away, or the time for the whole answer is over.</param>
    public async Task<UpstreamOutcome> RelayAsync(
        AdmittedRequest admitted, ModelRoute route, UpstreamReply reply, CancellationToken gone)
    {
        var exchange = admitted.Context.Exchange;
        var headersAfter = clock.GetElapsedTime(admitted.Context.Started);
        var isTranslated = exchange.Surface.Among(admitted.UpstreamOf(route).Surfaces) != exchange.Surface;
        var translation = isTranslated
            ? AnswerTranslation.ToMessages(reply, admitted.Context.Body, exchange.RequestId)
            : null;
        var answer = new PassedAnswer(
            admitted, route, translation?.Reply ?? reply, translation, settlement, headersAfter);
        Record(answer);
        if (!exchange.HasBegun)
        {
            exchange.Begin(answer.Head);
        }

        var relayed = await PassAsync(answer, gone);
        var outcome = answer.Outcome(relayed);
        switch (relayed.Ending)
        {
            case RelayEnding.Completed:
                outcome = await answer.SettleBeforeEndAsync(outcome);
                await exchange.CompleteAsync();
                return outcome;
            case RelayEnding.CallerGone:
                exchange.Break();
                // A flush can find the caller gone before the caller's token fires. Only where the token of both has
                // fired, and the caller's has not, has the time for the whole answer ended it.
                var timeIsOver = gone.IsCancellationRequested && !exchange.CallerGone.IsCancellationRequested;
                return timeIsOver ? outcome with { ErrorCode = "upstream_timeout" } : outcome.LeftByCaller();
            case RelayEnding.UpstreamBroke when !relayed.AnyAnswerWritten:
                return Failed(Refuse.UpstreamError("it failed before any of an answer came"), "broken");
            case RelayEnding.UpstreamTimedOut when !relayed.AnyAnswerWritten:
                return Failed(Refuse.UpstreamTimeout(), "timeout");
            default:
                exchange.Break();
                var broke = relayed.Ending is RelayEnding.UpstreamBroke;
                return outcome with { ErrorCode = broke ? "upstream_error" : "upstream_timeout" };
        }

        // Nothing of an answer has gone out: another upstream may still answer.
        UpstreamOutcome Failed(Refusal refusal, string reason) =>
            UpstreamOutcome.Failed(route, refusal) with { Reply = reply, MayGoOn = true, Reason = reason };
    }

    /// <summary>Has a copy made of an answer that is to be stored, unless it is known to be too long.</summary>
    private void Record(PassedAnswer answer)
    {
        var (admitted, reply) = (answer.Admitted, answer.Reply);
        admitted.Recording = null; // what an earlier upstream began
        if (admitted.CacheKey is null || reply is not { Status: 200, ContentType: { } contentType })
        {
            return;
        }

        if (reply.ContentLength > cache.LongestAnswer)
        {
            answer.Request.Cache = CacheResult.TooLarge;
            return;
        }

        admitted.Recording = new RecordedPipe(answer.Request.Exchange.Body, cache.LongestAnswer, contentType);
    }

    private Task<RelayResult> PassAsync(PassedAnswer answer, CancellationToken gone)
    {
        var request = answer.Request;
        var caller = answer.Admitted.Recording ?? request.Exchange.Body;
        if (answer.Reply.IsEventStream)
        {
            var (shape, hideUsage) = (request.Body.Surface.Stream, request.Body.LacksUsage);
            return streams.RelayAsync(answer.Body, caller, shape, hideUsage, answer.Addendum, gone, isSilent: !answer.Reports);
        }

        if (answer.IsUnread)
        {
            return bytes.RelayAsync(answer.Body, caller, gone);
        }

        var (keep, withholdError) = (request.Idempotency is not null, answer.Reply.IsSuccess);
        return jsons.RelayAsync(answer.Body, caller, keep, withholdError, answer.Addendum, gone);
    }

    /// <summary>Is one answer on its way, and what is changed in it.</summary>
    private sealed class PassedAnswer
    {
        private readonly AdmittedRequest _admitted;
        private readonly ModelRoute _route;
        private readonly SettlementStage _settlement;
        private readonly TimeSpan _headersAfter;
        private readonly AnswerTranslation? _translation;
        private readonly ModelRename? _rename;
        private readonly bool _settlesFirst;
        private RequestUsage? _settled;

        public PassedAnswer(
            AdmittedRequest admitted,
            ModelRoute route,
            UpstreamReply reply,
            AnswerTranslation? translation,
            SettlementStage settlement,
            TimeSpan headersAfter)
        {
            (_admitted, _route, Reply, _settlement, _headersAfter) = (admitted, route, reply, settlement, headersAfter);
            _translation = translation;
            IsUnread = Request.Body.Surface.AnswersBytes && !reply.IsJson && !reply.IsEventStream;
            var mayChange = reply.IsSuccess && !IsUnread;
            // The answer names the model as the catalogue does, on every surface and for every slug.
            _rename = mayChange ? new ModelRename(admitted.Quote.Model.Id, reply.IsEventStream) : null;
            Reports = mayChange && Request.Options.IncludesAny;
            _settlesFirst = Request.Idempotency is not null || admitted.MayGiveBack;
            // The last event of a stream is what its client takes for the end, so a stream is settled before that.
            var settlesInStream = _settlesFirst && mayChange && reply.IsEventStream;
            Addendum = Reports || settlesInStream ? ReportAsync : null;
            Body = _rename is null ? reply.Body : new RenamedStream(reply.Body, _rename);
        }

        public AdmittedRequest Admitted => _admitted;

        public RequestContext Request => _admitted.Context;

        public UpstreamReply Reply { get; }

        public Stream Body { get; }

        /// <summary>Gets whether the answer is sound or plain text, of which nothing is read.</summary>
        public bool IsUnread { get; }

        /// <summary>Gets whether the answer's end says what was booked.</summary>
        public bool Reports { get; }

        /// <summary>Gets what is asked before the end of the answer; null where nothing has to be settled by then.</summary>
        public Func<RelayResult, ValueTask<ReadOnlyMemory<byte>>>? Addendum { get; }

        public AnswerHead Head
        {
            get
            {
                // A client that knows the length takes the last byte for the end, which is to come after the settlement.
                var comesAsItIs = _rename is null && !Reports && !_settlesFirst;
                var length = Reply.IsEventStream ? null : Reply.ContentLength;
                return _admitted.Head(_route, Reply.Status, Reply.ContentType, comesAsItIs ? length : null) with
                {
                    RoughLength = length,
                };
            }
        }

        /// <summary>Makes the outcome of what was relayed so far.</summary>
        public UpstreamOutcome Outcome(RelayResult passed)
        {
            var result = _rename is null ? passed : passed with { UpstreamModel = _rename.Theirs };
            result = _translation?.Amend(result) ?? result;
            return new(Reply.Status, Counts: !Reply.IsSuccess || !result.HasFailedEmpty)
            {
                Route = _route,
                Reply = Reply,
                Relay = result,
                Rejected = !Reply.IsSuccess,
                ErrorCode = !Reply.IsSuccess ? "upstream_rejected" : result.HasFailed ? "upstream_error" : null,
                FirstByteAfter = _headersAfter + result.FirstByteAfter,
                Usage = _settled ?? RequestUsage.None,
            };
        }

        /// <summary>
        /// Settles before the answer ends where the caller may take its end for leave to send again: what the request
        /// gives back is then there for the next one, and a repeat under the same <c>Idempotency-Key</c> finds the
        /// outcome. The wait is short and bounded; nothing is settled twice.
        /// </summary>
        public async Task<UpstreamOutcome> SettleBeforeEndAsync(UpstreamOutcome outcome)
        {
            if (!_settlesFirst || _settled is not null)
            {
                return outcome;
            }

            outcome = outcome with { Usage = _settled = Usage.Of(_admitted, outcome) };
            await _settlement.TrySettleAsync(_admitted, outcome);
            return outcome;
        }

        /// <summary>Settles before the end of the answer, so that the end can say what was booked.</summary>
        private async ValueTask<ReadOnlyMemory<byte>> ReportAsync(RelayResult soFar)
        {
            var outcome = Outcome(soFar);
            outcome = outcome with { Usage = _settled = Usage.Of(_admitted, outcome) };
            var settled = await _settlement.TrySettleAsync(_admitted, outcome);
            return settled is null || !Reports
                ? default
                : Request.Exchange.Write(SettlementStage.Report(_admitted, settled));
        }
    }
}

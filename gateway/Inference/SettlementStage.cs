using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Books what requests used and sends their records; <see cref="RequestSettlement"/> does it for one.
/// </summary>
public sealed class SettlementStage(
    RequestLedger ledger, ActivityOutbox outbox, AfterAnswers after, TokenEstimator tokens,
    TimeProvider clock, ILogger<SettlementStage> logger)
{
    /// <summary>
    /// How long an invocation waits for its books; what that cuts short goes on in the ledger's actor, or is taken up
    /// by recovery.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public RequestSettlement Open(AdmittedRequest request) => new(request, this, clock);

    /// <inheritdoc cref="AfterAnswers.RunAsync"/>
    internal Task AfterAnswerAsync(Func<Task> work) => after.RunAsync(work);

    /// <summary>Replaces what was held by what was used, in the order of the holds.</summary>
    /// <returns>The finished row and what was booked; null where recovery has taken the request, or the time was too
    ///     short.</returns>
    internal async Task<SettledRequest?> SettleAsync(AdmittedRequest request, UpstreamOutcome outcome, CancellationToken limit)
    {
        var (quote, record) = (request.Quote, RecordWriter.Finish(request, outcome, clock.GetElapsedTime(request.Asked.Started)));
        var used = Usage.Of(request, outcome);
        Learn(request, outcome);
        SettlementAmounts? booked = null;
        var settling = ledger.SettleAsync(
            request.Reservation,
            QuoteClaims.Takes(quote.Terms, quote.Model, quote.Slug, used),
            result => ActivityJson.Write(record = RecordWriter.Book(record, request, used, booked = result)),
            request.Asked.Once is null ? null : OutcomeOf(outcome),
            CancellationToken.None);
        try
        {
            var row = await settling.WaitAsync(limit);
            if (row is null || booked is null)
            {
                InferenceLog.TakenByRecovery(logger, record.Id);
                return null;
            }

            return new SettledRequest(row, record, booked);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            InferenceLog.SettlementWaits(logger, record.Id);
            _ = SendLaterAsync(request, settling);
            return null;
        }
    }

    /// <summary>
    /// The ledger goes on with what its invocation no longer waits for; then the record is to be sent.
    /// </summary>
    private async Task SendLaterAsync(AdmittedRequest request, Task<RequestRow?> settling)
    {
        try
        {
            await settling;
        }
        catch (Exception bug)
        {
            InferenceLog.RequestFailed(logger, request.Asked.Exchange.RequestId, bug);
        }

        outbox.MarkBehind(request.Reservation.Row.Instance, request.Reservation.Org);
    }

    internal Task DeliverAsync(AdmittedRequest request, SettledRequest settled, CancellationToken limit)
    {
        Release(request);
        var record = settled.Record;
        RequestMetrics.Served(record.Tier, record.Endpoint, record.ErrorCode, record.LatencyMs, record.TtftMs, record.PromptTokens, record.CompletionTokens);
        return outbox.DeliverAsync(request.Reservation.Org, settled.Row, limit);
    }

    /// <summary>
    /// Nothing here answers for the request any more: what is left of it is found by <see cref="AbandonedRows"/>.
    /// </summary>
    internal void LetGo(AdmittedRequest request) => ledger.Held.Release(request.Reservation.Org, request.Reservation.Row);

    internal void Withhold(AdmittedRequest request) => outbox.Withhold(request.Reservation.Row);

    internal void Release(AdmittedRequest request) => outbox.Release(request.Reservation.Row);

    private void Learn(AdmittedRequest request, UpstreamOutcome outcome)
    {
        if (outcome is { Status: < 300, Relay.Usage.Prompt: { } prompt } && !request.Asked.Body.ReachesBack)
        {
            tokens.Learn(request.Quote.Model.Id, request.Asked.Body.PromptBytes, prompt, request.Asked.Body.ImageInputs);
        }
    }

    private static RequestOutcome OutcomeOf(UpstreamOutcome outcome) =>
        new(outcome.Status, outcome.Relay?.Kept is null ? null : outcome.Reply?.ContentType, outcome.Relay?.Kept)
        {
            Refusal = outcome.Refusal?.Code,
        };
}

/// <summary>A request whose books are closed.</summary>
/// <param name="Row">Holds the record until the queue has it.</param>
internal sealed record SettledRequest(RequestRow Row, ActivityRecord Record, SettlementAmounts Booked);

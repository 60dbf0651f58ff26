using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Settles admitted requests (step 9): what was held becomes what was used, in one transaction; and has their records
/// sent (step 10). A request is settled once, by whichever step comes first, and without the caller's leave: settlement
/// outlives the caller and has a time limit of its own.
/// </summary>
public sealed class SettlementStage(
    RequestLedger ledger,
    ActivityOutbox outbox,
    AfterAnswers afterAnswers,
    TokenEstimator tokens,
    TimeProvider clock,
    ILogger<SettlementStage> logger)
{
    /// <summary>The time that the end of an answer waits for its settlement.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time that a request waits for its settlement. What takes longer goes on in the ledger, or is taken up by
    /// recovery.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Settles with the outcome. Where the caller is refused, the refusal is told after that, so that a caller who
    /// tries again at once finds the quota whole; else the caller comes first.
    /// </summary>
    public async Task SettleAsync(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        var settling = SettleOnce(admitted, outcome);
        if (outcome.Refusal is { } refusal)
        {
            await settling;
            await admitted.Context.Exchange.RefuseAsync(admitted.Named(refusal));
        }
    }

    /// <summary>Waits for the settlement, and sends the record once it is booked.</summary>
    /// <remarks>The exchange may be over by then: nothing here asks it for anything.</remarks>
    public Task RecordAsync(AdmittedRequest admitted) =>
        afterAnswers.RunAsync(() => DeliverAsync(admitted), admitted.Settlement);

    /// <summary>Settles now, while the answer waits to end.</summary>
    /// <returns>Null where the settlement takes too long; the answer then ends without it.</returns>
    internal async Task<SettledRequest?> TrySettleAsync(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        using var limit = new CancellationTokenSource(AnswerPatience, clock);
        try
        {
            return await SettleOnce(admitted, outcome).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Gives back what a failed request held and keeps its record back, for another model may yet serve it. Until then
    /// the record waits in the ledger, where recovery finds it if this process dies.
    /// </summary>
    /// <returns>
    /// False where the settlement took too long, or recovery was first: the request then ends with the failure.
    /// </returns>
    public async Task<bool> HoldBackAsync(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        admitted.Failure = outcome;
        outbox.Withhold(admitted.Reservation.Row);
        if (await SettleOnce(admitted, outcome) is { } settled)
        {
            admitted.Row = settled.Row;
            admitted.Context.HeldBack = admitted;
            return true;
        }

        outbox.Release(admitted.Reservation.Row);
        return false;
    }

    /// <summary>
    /// Lets go of what was held back: another model has taken the request over, and its row the place of that row.
    /// </summary>
    public void Replace(RequestContext request)
    {
        if (request.HeldBack is { } replaced)
        {
            request.HeldBack = null;
            outbox.Release(replaced.Reservation.Row);
            LetGo(replaced);
        }
    }

    /// <summary>Ends a request whose failure was held back with that failure, or does nothing where none was.</summary>
    /// <param name="instead">
    /// The refusal that the caller is told instead of the failure; null for the failure's own.
    /// </param>
    /// <returns>Whether the caller has been told.</returns>
    public async Task<bool> EndHeldBackAsync(RequestContext request, Refusal? instead = null)
    {
        if (request.HeldBack is not { Failure: { } failure } admitted)
        {
            return false;
        }

        request.HeldBack = null;
        try
        {
            await SettleAsync(admitted, failure with { Refusal = instead ?? failure.Refusal });
        }
        finally
        {
            await RecordAsync(admitted);
        }

        return true;
    }

    private async Task DeliverAsync(AdmittedRequest admitted)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        var reservation = admitted.Reservation;
        try
        {
            if (await admitted.Settlement! is { } settled)
            {
                outbox.Release(reservation.Row);
                RequestMetrics.Served(settled.Record);
                await outbox.DeliverAsync(reservation.Org, settled.Row, limit.Token);
            }
        }
        finally
        {
            LetGo(admitted);
        }
    }

    /// <summary>Ends our answering for the row: what is left of it is found by <see cref="AbandonedRows"/>.</summary>
    private void LetGo(AdmittedRequest admitted) =>
        ledger.OwnedRows.Release(admitted.Reservation.Org, admitted.Reservation.Row);

    private Task<SettledRequest?> SettleOnce(AdmittedRequest admitted, UpstreamOutcome outcome) =>
        admitted.Settlement ??= SettleInTimeAsync(admitted, outcome);

    /// <returns>Null where recovery has taken the request, or the time was too short.</returns>
    private async Task<SettledRequest?> SettleInTimeAsync(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        var (quote, request, used) = (admitted.Quote, admitted.Context, outcome.Usage.Quantities);
        var record = RecordWriter.Finish(admitted, outcome, clock.GetElapsedTime(request.Started));
        Learn(admitted, outcome);
        SettlementAmounts? booked = null;
        var settling = ledger.SettleAsync(
            admitted.Reservation,
            QuoteClaims.Takes(quote.Terms, quote.Model, quote.Slug, used),
            amounts => ActivityJson.Write(record = RecordWriter.Book(record, admitted, used, booked = amounts)),
            request.Idempotency is null ? null : OutcomeOf(outcome),
            CancellationToken.None);
        try
        {
            var row = await settling.WaitAsync(Patience, clock);
            if (row is null || booked is null)
            {
                InferenceLog.TakenByRecovery(logger, record.Id);
                return null;
            }

            return new SettledRequest(row, record, booked);
        }
        catch (TimeoutException)
        {
            InferenceLog.SettlementWaits(logger, record.Id);
            _ = SendLaterAsync(admitted, settling);
            return null;
        }
    }

    /// <summary>Has the record sent once the ledger has done what the request no longer waits for.</summary>
    private async Task SendLaterAsync(AdmittedRequest admitted, Task<RequestRow?> settling)
    {
        try
        {
            await settling;
        }
        catch (Exception bug)
        {
            InferenceLog.RequestFailed(logger, admitted.Context.Exchange.RequestId, bug);
        }

        outbox.MarkBehind(admitted.Reservation.Row.Instance, admitted.Reservation.Org);
    }

    /// <summary>
    /// Learns how many tokens counted prompts have for the model, where the prompt is all that the model was given.
    /// </summary>
    private void Learn(AdmittedRequest admitted, UpstreamOutcome outcome)
    {
        var body = admitted.Context.Body;
        if (outcome is { Status: < 300, Relay.Usage.Prompt: { } prompt }
            && body is { ReachesBack: false, PromptTokens: { } counted })
        {
            tokens.Learn(admitted.Reservation.Org, admitted.Quote.Model.Id, counted, prompt, body.ImageInputs);
        }
    }

    private static RequestOutcome OutcomeOf(UpstreamOutcome outcome)
    {
        var kept = outcome.Relay?.Kept;
        return new RequestOutcome(outcome.Status, kept is null ? null : outcome.Reply?.ContentType, kept)
        {
            Refusal = outcome.Refusal?.Code,
        };
    }

    /// <summary>Says what a request took and what it leaves.</summary>
    internal static UsageReport Report(AdmittedRequest admitted, SettledRequest settled)
    {
        var (reservation, record) = (admitted.Reservation, settled.Record);
        var limits = reservation.Limits.Select((state, index) =>
            After(state, reservation.Holds[index], settled.Booked.Amounts[index]));
        return new UsageReport(
            record.Tier, admitted.Quote, [.. limits], record.GiftedTokens, record.BilledTokens, record.CostNanos)
        {
            Options = admitted.Context.Options,
            Attempts = admitted.Context.Attempts.All,
        };
    }

    private static QuotaState After(QuotaState state, Hold hold, long booked) =>
        state.Bound.Limit.Unit is LimitUnit.ConcurrentRequests
            ? state with { Reserved = state.Reserved - 1 }
            : state with { Reserved = state.Reserved - hold.Amount, Used = state.Used + booked };
}

/// <summary>Is a request that has been settled.</summary>
/// <param name="Row">Holds the record until the queue has it.</param>
internal sealed record SettledRequest(RequestRow Row, ActivityRecord Record, SettlementAmounts Booked);

using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// The books of one admitted request: closed once, whoever comes first, and never by the caller's leave. They outlive
/// the caller: they have a time limit of their own.
/// </summary>
public sealed class RequestSettlement(AdmittedRequest request, SettlementStage settlement, TimeProvider clock)
{
    /// <summary>An answer does not wait longer than this to say what it took.</summary>
    private static readonly TimeSpan NoteLasts = TimeSpan.FromSeconds(5);

    private Task<SettledRequest?>? _settled;
    private UpstreamOutcome? _failure;

    /// <summary>The finished row that was held back; null before.</summary>
    public RequestRow? Row { get; private set; }

    /// <summary>Settles now, so that the end of the answer can say what was booked.</summary>
    /// <returns>Null where the books cannot be closed in time; the answer then ends without the note.</returns>
    public async Task<UsageReport?> NoteAsync(UpstreamOutcome outcome)
    {
        using var limit = new CancellationTokenSource(NoteLasts, clock);
        try
        {
            return await SettleOnce(outcome).WaitAsync(limit.Token) is { } settled ? Note(settled) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Gives back what a failed request held and keeps its record back, for another model may yet serve it. Until then
    /// the record waits in the ledger: it is what recovery finds if this process dies.
    /// </summary>
    /// <returns>False where the books cannot be closed in time, or recovery has closed them: the request then ends
    ///     here.</returns>
    public async Task<bool> HoldBackAsync(UpstreamOutcome outcome)
    {
        _failure = outcome;
        settlement.Withhold(request);
        if (await SettleOnce(outcome) is { } settled)
        {
            Row = settled.Row;
            return true;
        }

        settlement.Release(request);
        return false;
    }

    /// <summary>Another model has taken the request over, and its row the place of this one's.</summary>
    public void LetGo()
    {
        settlement.Release(request);
        settlement.LetGo(request);
    }

    /// <summary>Closes what was held back, with the failure that it was.</summary>
    public Task CloseAsync() => CloseAsync(_failure!);

    /// <summary>The same, where the caller is to be told something else than the failure.</summary>
    public Task CloseAsync(Refusal told) => CloseAsync(_failure! with { Refusal = told });

    /// <summary>
    /// Gives back before a refusal is answered, so that a caller who tries again at once finds the quota whole; else
    /// the caller comes first.
    /// </summary>
    public async Task CloseAsync(UpstreamOutcome outcome)
    {
        var settling = SettleOnce(outcome);
        try
        {
            if (outcome.Refusal is { } refusal)
            {
                await settling;
                await request.Asked.Exchange.RefuseAsync(
                    refusal with { Model = request.Quote.Model.Id, Tier = request.Tier });
            }
        }
        finally
        {
            // A caller who has gone meanwhile is no reason to keep the record.
            await settlement.AfterAnswerAsync(() => DeliverAsync(settling));
        }
    }

    /// <summary>Sends the record once it is booked.</summary>
    /// <remarks>The exchange may be over by then: nothing here asks it for anything.</remarks>
    private async Task DeliverAsync(Task<SettledRequest?> settling)
    {
        using var limit = new CancellationTokenSource(SettlementStage.Longest, clock);
        try
        {
            if (await settling is { } settled)
            {
                await settlement.DeliverAsync(request, settled, limit.Token);
            }
        }
        finally
        {
            settlement.LetGo(request);
        }
    }

    private Task<SettledRequest?> SettleOnce(UpstreamOutcome outcome) => _settled ??= SettleAsync(outcome);

    private async Task<SettledRequest?> SettleAsync(UpstreamOutcome outcome)
    {
        using var limit = new CancellationTokenSource(SettlementStage.Longest, clock);
        return await settlement.SettleAsync(request, outcome, limit.Token);
    }

    private UsageReport Note(SettledRequest settled) => new(
        settled.Record.Tier,
        request.Quote,
        [.. request.Reservation.Limits.Select((state, index) => After(state, request.Reservation.Holds[index], settled.Booked.Amounts[index]))],
        settled.Record.GiftedTokens,
        settled.Record.BilledTokens,
        settled.Record.CostNanos)
    {
        Options = request.Asked.Options,
        Attempts = request.Asked.Attempts.All,
    };

    private static QuotaState After(QuotaState state, Hold hold, long booked) => state.Bound.Limit.Unit is LimitUnit.ConcurrentRequests
        ? state with { Reserved = state.Reserved - 1 }
        : state with { Reserved = state.Reserved - hold.Amount, Used = state.Used + booked };
}

using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Books what a request used and sends its record. It outlives the caller: it has a time limit of its own, and what
/// that cuts short goes on in the ledger's actor, or is taken up by recovery.
/// </summary>
public sealed class Settlement(RequestLedger ledger, ActivityOutbox outbox, TimeProvider clock, ILogger<Settlement> logger)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Gives back before a refusal is answered, so that a caller who tries again at once finds the quota whole; else the caller comes first.</summary>
    public async Task RunAsync(AdmittedRequest request, UpstreamOutcome outcome, IExchange exchange)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        var record = RecordWriter.Finish(request, outcome, exchange, clock.GetElapsedTime(request.Started));
        var settled = SettleAsync(request, outcome, record, limit.Token);
        try
        {
            if (outcome.Refusal is { } refusal)
            {
                await settled.ConfigureAwait(false);
                await exchange.RefuseAsync(refusal).ConfigureAwait(false);
            }
        }
        finally
        {
            // A caller who has gone meanwhile is no reason to keep the record.
            if (await settled.ConfigureAwait(false) is { } finished)
            {
                await outbox.DeliverAsync(request.Caller.Org.Id, finished, limit.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task<RequestRow?> SettleAsync(AdmittedRequest request, UpstreamOutcome outcome, ActivityRecord record, CancellationToken limit)
    {
        try
        {
            long[] used = [.. request.Reservation.Limits.Select(state => Estimate.Used(state.Bound, outcome.Counts, record.CostNanos))];
            var row = await ledger.SettleAsync(request.Reservation, used, ActivityJson.Write(record), limit).ConfigureAwait(false);
            if (row is null)
            {
                InferenceLog.TakenByRecovery(logger, record.Id);
            }

            return row;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            InferenceLog.SettlementWaits(logger, record.Id);
            outbox.MarkBehind(request.Reservation.Row.Instance, request.Reservation.Org);
            return null;
        }
    }
}

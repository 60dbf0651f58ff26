using System.Text.Json;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Finishes what dead instances left: open requests are settled at what they had reserved and recorded as aborted,
/// finished ones are sent. It visits only the orgs of instances whose sign of life is stale, never the whole table.
/// </summary>
public sealed class LedgerRecovery(
    IInstanceStore instances,
    ILedgerStore store,
    RequestLedger ledger,
    ActivityOutbox outbox,
    InstanceLease lease,
    TimeProvider clock,
    LedgerOptions options,
    ILogger<LedgerRecovery> logger)
{
    /// <summary>The outcome that a repeat of an aborted request is answered with.</summary>
    private static readonly RequestOutcome Failed = new(500, null, null);

    /// <summary>One visit. What cannot be finished now is finished by the next one.</summary>
    /// <returns>How many open requests were settled.</returns>
    /// <exception cref="IOException">The list of instances is out of reach.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await outbox.CatchUpAsync(cancellation);
        var settled = 0;
        foreach (var beat in await instances.ListAsync(cancellation))
        {
            var dead = beat.Instance != lease.Instance && beat.IsDead(clock.GetUtcNow(), options.StaleAfter);
            settled += dead ? await TryBuryAsync(beat, cancellation) : 0;
        }

        return settled;
    }

    /// <summary>One instance whose rows are out of reach must not hold up the others.</summary>
    private async Task<int> TryBuryAsync(InstanceHeartbeat beat, CancellationToken cancellation)
    {
        try
        {
            return beat.Claimed || await instances.TryClaimAsync(beat, cancellation) ? await BuryAsync(beat, cancellation) : 0;
        }
        catch (IOException outage)
        {
            ActivityLogMessages.NotRecovered(logger, beat.Instance, outage.Message);
            return 0;
        }
    }

    private async Task<int> BuryAsync(InstanceHeartbeat beat, CancellationToken cancellation)
    {
        var (instance, settled, left) = (beat.Instance, 0, 0);
        // What it sent last may still be on its way: until that has landed or never will, it is looked at again.
        var isOver = clock.GetUtcNow() - beat.At > options.StaleAfter + options.LandsWithin;
        foreach (var org in await instances.OrgsAsync(instance, cancellation))
        {
            try
            {
                settled += await SettleOpenAsync(instance, org, cancellation);
                if (!await TryFinishAsync(instance, org, cancellation))
                {
                    left++;
                }
                else if (isOver)
                {
                    await instances.UnregisterAsync(instance, org, cancellation);
                }
            }
            catch (IOException)
            {
                // One org out of reach must not hold up the others.
                left++;
            }
        }

        if (left is 0 && isOver)
        {
            await instances.RemoveAsync(instance, cancellation);
        }

        if (settled + left > 0 || isOver)
        {
            ActivityLogMessages.Recovered(logger, instance, settled, left);
        }

        return settled;
    }

    /// <summary>
    /// Sends what is finished. Only a second look that finds nothing says that the org is done: a last write may have
    /// landed after the first.
    /// </summary>
    private async Task<bool> TryFinishAsync(string instance, string org, CancellationToken cancellation) =>
        await outbox.RelayAsync(instance, org, cancellation)
        && (await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation)).Count is 0;

    private async Task<int> SettleOpenAsync(string instance, string org, CancellationToken cancellation)
    {
        var rows = await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation);
        var settled = await Task.WhenAll(rows.Where(row => row.Open).Select(row => AbortAsync(org, row, cancellation)));
        return settled.Count(row => row is not null);
    }

    /// <summary>Settles an open row at what it holds and records it as aborted.</summary>
    /// <returns>The finished row; null where it was settled before.</returns>
    internal Task<RequestRow?> AbortAsync(string org, RequestRow row, CancellationToken cancellation)
    {
        long[] used = [.. row.Holds.Select(Used)];
        return ledger.SettleAsync(
            org, row, used, booked => Aborted(row, used, booked.Reached), row.Record.Length, Failed, cancellation);
    }

    /// <summary>
    /// Computes what an aborted request counts as used of a hold: all of it, but nothing of what pays, since nobody is
    /// charged for a crash of Freeway.
    /// </summary>
    private static long Used(Hold hold) => Account.Pays(hold.Quota.Source) ? 0 : hold.Amount;

    private static ReadOnlyMemory<byte> Aborted(
        RequestRow row, IReadOnlyList<long> used, IReadOnlyList<ReachedThreshold> reached)
    {
        try
        {
            return ActivityJson.Write(ActivityJson.Read(row.Record.Span) with { Status = 500, ErrorCode = "aborted", Estimated = true, BilledTokens = 0, CostNanos = 0, Booked = BookedAmount.Of(row.Holds, used), Reached = ReachedLimit.Of(reached) });
        }
        catch (JsonException)
        {
            // A draft that cannot be read must not keep its quota for ever; the queue's reader puts it aside with a
            // reason.
            return row.Record;
        }
    }
}

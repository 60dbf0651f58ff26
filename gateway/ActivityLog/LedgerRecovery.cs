using System.Text.Json;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
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
    /// <summary>What a repeat of an aborted request is told.</summary>
    private static readonly Outcome Failed = new(500, null, null);

    /// <summary>One visit. What cannot be finished now is finished by the next one.</summary>
    /// <returns>How many open requests were settled.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        await outbox.CatchUpAsync(cancellation);
        var settled = 0;
        foreach (var beat in await instances.ListAsync(cancellation))
        {
            var dead = beat.Instance != lease.Instance && beat.IsDead(clock.GetUtcNow(), options.StaleAfter);
            if (dead && (beat.Claimed || await instances.TryClaimAsync(beat, cancellation)))
            {
                settled += await BuryAsync(beat.Instance, cancellation);
            }
        }

        return settled;
    }

    private async Task<int> BuryAsync(string instance, CancellationToken cancellation)
    {
        var (settled, left) = (0, 0);
        foreach (var org in await instances.OrgsAsync(instance, cancellation))
        {
            try
            {
                settled += await SettleOpenAsync(instance, org, cancellation);
                left += await TryLetGoAsync(instance, org, cancellation) ? 0 : 1;
            }
            catch (IOException)
            {
                // One org out of reach must not hold up the others.
                left++;
            }
        }

        if (left is 0)
        {
            await instances.RemoveAsync(instance, cancellation);
        }

        ActivityLogMessages.Recovered(logger, instance, settled, left);
        return settled;
    }

    private async Task<bool> TryLetGoAsync(string instance, string org, CancellationToken cancellation)
    {
        // Only a second look that finds nothing lets the org go: a last write may have landed after the first.
        if (!await outbox.RelayAsync(instance, org, cancellation)
            || (await store.ReadRequestsAsync(org, instance, 0, long.MaxValue, cancellation)).Count > 0)
        {
            return false;
        }

        await instances.UnregisterAsync(instance, org, cancellation);
        return true;
    }

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
        return ledger.SettleAsync(org, row, used, Aborted(row, used), cancellation, Failed);
    }

    /// <summary>What may have been used counts as used, but nobody is charged for our crash.</summary>
    private static long Used(Hold hold) => Account.Pays(hold.Quota.Source) ? 0 : hold.Amount;

    private static ReadOnlyMemory<byte> Aborted(RequestRow row, IReadOnlyList<long> used)
    {
        try
        {
            return ActivityJson.Write(ActivityJson.Read(row.Record.Span) with { Status = 500, ErrorCode = "aborted", Estimated = true, BilledTokens = 0, CostNanos = 0, Booked = BookedAmount.Of(row.Holds, used) });
        }
        catch (JsonException)
        {
            // A draft that cannot be read must not keep its quota for ever; the queue's reader puts it aside with a reason.
            return row.Record;
        }
    }
}

using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Resets stale quota entities one by one under their ETags: whoever writes one meanwhile has already rolled it. What
/// <c>Idempotency-Key</c>s have left behind is taken away after a day.
/// </summary>
public sealed class QuotaCleanup(ILedgerStore store) : IQuotaCleanup
{
    private const int MostWrites = 100;

    public async Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        var tidied = 0;
        foreach (var row in await store.ListQuotasAsync(org, cancellation))
        {
            if (Rolled(row, now) is { } rolled)
            {
                var outcome = await store.CommitAsync(org, [new LedgerWrite.PutQuota(rolled)], cancellation);
                tidied += Known(outcome) is CommitVerdict.Committed ? 1 : 0;
            }
        }

        await PurgeAsync(org, now, cancellation);
        return tidied;
    }

    private async Task PurgeAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        var expired = await store.ListRepeatsAsync(org, now - IdempotencyRow.Lasts, cancellation);
        foreach (var some in expired.Select(row => new LedgerWrite.DeleteRepeat(row.Key, row.ETag!)).Chunk(MostWrites))
        {
            if (Known(await store.CommitAsync(org, some, cancellation)) is CommitVerdict.Committed)
            {
                continue;
            }

            // A key among them has been used again meanwhile: its row stays.
            foreach (var one in some)
            {
                Known(await store.CommitAsync(org, [one], cancellation));
            }
        }
    }

    private static CommitVerdict Known(CommitOutcome outcome) =>
        outcome.Verdict is CommitVerdict.Unknown or CommitVerdict.NotSent ? throw new IOException("The ledger's store did not answer.") : outcome.Verdict;

    /// <summary>The row whole again, or null where its window still runs or begins only with its next use.</summary>
    private static QuotaRow? Rolled(QuotaRow row, DateTimeOffset now)
    {
        if (row.Window.ResetsAt is not { } end || end > now || WindowSpan.KindOf(row.Window.Id) is not { } kind)
        {
            return null;
        }

        var rolled = row.Roll(kind.Window, now, kind.Zone);
        return rolled == row ? null : rolled;
    }
}

/// <summary>
/// Resets an org's quota entities whose window has passed, so that they read as what they are worth, and purges what
/// counts no more. Housekeeping only: such rows count for nothing whether or not they were tidied. Safe late, twice,
/// half-way, and beside requests and other instances.
/// </summary>
public interface IQuotaCleanup
{
    /// <summary>How many entities were stale and are now of the window of <paramref name="now"/>.</summary>
    /// <exception cref="IOException">The ledger is out of reach; what is left is tidied by the next run.</exception>
    Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>
/// Everything that is put in order for an org once a day: its quota entities, and what it is known to have bought.
/// </summary>
public sealed class OrgCleanup(QuotaCleanup quotas, TopUps topUps) : IQuotaCleanup
{
    public async Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        await topUps.CatchUpAsync(org, cancellation);
        return await quotas.TidyAsync(org, now, cancellation);
    }
}

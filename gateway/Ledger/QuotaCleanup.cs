using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Resets stale quota rows one by one under their ETags: whoever writes one meanwhile has already reset it. Deletes
/// idempotency rows after a day, and the rows of end users who are idle, page by page, however many there are.
/// </summary>
public sealed class QuotaCleanup(ILedgerStore store) : IQuotaCleanup
{
    private const int MostWrites = 100;
    private const int PageSize = 1000;

    public async Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        var tidied = 0;
        foreach (var row in await store.ListQuotasAsync(org, cancellation))
        {
            if (Rolled(row, now) is { } rolled)
            {
                var outcome = await store.CommitAsync(org, [new LedgerWrite.PutQuota(rolled)], cancellation);
                tidied += VerdictOf(outcome) is CommitVerdict.Committed ? 1 : 0;
            }
        }

        var repeats = await store.ListIdempotencyRowsAsync(org, now - IdempotencyRow.Lasts, cancellation);
        var deletes = repeats.Select(row => new LedgerWrite.DeleteIdempotency(row.Key, row.ETag!));
        await DeleteAsync(org, deletes, cancellation);
        await PurgeEndUsersAsync(org, now, cancellation);
        return tidied;
    }

    private async Task PurgeEndUsersAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        for (QuotaKey? after = null; ;)
        {
            var page = await store.ListExpiredAsync(org, now, after, PageSize, cancellation);
            await DeleteAsync(org, page.Select(row => new LedgerWrite.DeleteQuota(row.Key, row.ETag)), cancellation);
            if (page.Count < PageSize)
            {
                return;
            }

            after = page[^1].Key;
        }
    }

    private async Task DeleteAsync(string org, IEnumerable<LedgerWrite> deletes, CancellationToken cancellation)
    {
        foreach (var some in deletes.Chunk(MostWrites))
        {
            var outcome = await store.CommitAsync(org, some, cancellation);
            if (VerdictOf(outcome) is CommitVerdict.Committed)
            {
                continue;
            }

            // One of the rows has been written again meanwhile, so it stays: the others are deleted one by one.
            foreach (var one in some)
            {
                VerdictOf(await store.CommitAsync(org, [one], cancellation));
            }
        }
    }

    private static CommitVerdict VerdictOf(CommitOutcome outcome) =>
        outcome.Verdict is CommitVerdict.Unknown or CommitVerdict.NotSent
            ? throw new IOException("The ledger's store did not answer.")
            : outcome.Verdict;

    /// <summary>
    /// The row reset to its present window; null where its window still runs or begins only with its next use.
    /// </summary>
    private static QuotaRow? Rolled(QuotaRow row, DateTimeOffset now)
    {
        var isStale = row.Window.ResetsAt <= now;
        if (!isStale || WindowSpan.KindOf(row.Window.Id) is not { } kind)
        {
            return null;
        }

        var rolled = row.Roll(kind.Window, now, kind.Zone);
        return rolled == row ? null : rolled;
    }
}

/// <summary>
/// Resets an org's quota rows whose window has passed, so that they read as what they are worth, and deletes what
/// counts no more. It is housekeeping only: such rows count for nothing before, too. It is safe late, twice, half-way,
/// and beside requests and other instances.
/// </summary>
public interface IQuotaCleanup
{
    /// <summary>Resets stale rows to the window of <paramref name="now"/>.</summary>
    /// <returns>How many rows were reset.</returns>
    /// <exception cref="IOException">The ledger is out of reach; what is left is done by the next run.</exception>
    Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>Does an org's daily housekeeping: its quota rows, and the flags that follow its purchases.</summary>
public sealed class OrgCleanup(QuotaCleanup quotas, TopUps topUps) : IQuotaCleanup
{
    public async Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        await topUps.CatchUpAsync(org, cancellation);
        return await quotas.TidyAsync(org, now, cancellation);
    }
}

using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Ledger;

/// <summary>Resets stale quota entities one by one under their ETags: whoever writes one meanwhile has already rolled it.</summary>
public sealed class QuotaTidier(ILedgerStore store) : IQuotaTidier
{
    public async Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation)
    {
        var tidied = 0;
        foreach (var row in await store.ListQuotasAsync(org, cancellation).ConfigureAwait(false))
        {
            if (Rolled(row, now) is { } rolled)
            {
                var outcome = await store.CommitAsync(org, [new LedgerWrite.PutQuota(rolled)], cancellation).ConfigureAwait(false);
                if (outcome.Verdict is CommitVerdict.Unknown)
                {
                    throw new IOException("The ledger's store did not answer.");
                }

                tidied += outcome.Verdict is CommitVerdict.Committed ? 1 : 0;
            }
        }

        return tidied;
    }

    /// <summary>The row whole again, or null where its window still runs or begins only with its next use.</summary>
    private static QuotaRow? Rolled(QuotaRow row, DateTimeOffset now)
    {
        if (row.Window.ResetsAt is not { } end || end > now || KindOf(row.Window.Id) is not { } kind)
        {
            return null;
        }

        var rolled = row.Roll(kind, now);
        return rolled == row ? null : rolled;
    }

    /// <summary>The kind of window an id is of: ids of one kind have one length.</summary>
    private static LimitWindow? KindOf(string id) => id.Length switch
    {
        7 => LimitWindow.Month,
        10 => LimitWindow.Day,
        13 => LimitWindow.Hour,
        16 => LimitWindow.Minute,
        _ => null,
    };
}

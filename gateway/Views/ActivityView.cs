using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>An org's activity, newest first.</summary>
public sealed class ActivityView(IActivityStore store)
{
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    /// <summary>One request's record, by the id that its answer had. The id tells when it was made: only that moment is looked through.</summary>
    public async Task<Decision<ActivityRecord>> FindAsync(Caller caller, string id, CancellationToken cancellation)
    {
        if (IdSource.TimeOf(id) is not { } made)
        {
            return Refuse.NotFound("activity record of this id");
        }

        try
        {
            var query = new ActivityQuery(ActivityQuery.MaxLimit, From: made - Around, To: made + Around);
            for (var page = await store.QueryAsync(caller.Org.Id, query, cancellation).ConfigureAwait(false); ;
                page = await store.QueryAsync(caller.Org.Id, query, cancellation).ConfigureAwait(false))
            {
                if (page.Records.FirstOrDefault(record => record.Id == id) is { } found)
                {
                    return found;
                }

                if (page.NextCursor is not { } next || !ActivityCursor.TryParse(next, out var after))
                {
                    return Refuse.NotFound("activity record of this id");
                }

                query = query with { After = after };
            }
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }

    public async Task<Decision<Page<ActivityRecord>>> ListAsync(Caller caller, ActivityQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await store.QueryAsync(caller.Org.Id, query, cancellation).ConfigureAwait(false);
            return new Page<ActivityRecord>(page.Records, page.NextCursor);
        }
        catch (IOException)
        {
            return Refuse.QuotaUnavailable(RetryAfterOutage);
        }
    }
}

using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>An org's activity, newest first.</summary>
public sealed class ActivityView(IActivityStore store)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

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

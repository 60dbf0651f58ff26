using System.Runtime.CompilerServices;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>An org's activity, newest first.</summary>
public sealed class ActivityQueries(IActivityStore store, EndUsers endUsers)
{
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(5);

    /// <summary>
    /// One request's record, by the id that its answer had. The id tells when it was made: only that moment is looked
    /// through.
    /// </summary>
    public async Task<Result<ActivityRecord>> FindAsync(string org, string id, CancellationToken cancellation)
    {
        if (IdSource.TimeOf(id) is not { } made)
        {
            return Refuse.NotFound("activity record of this id");
        }

        try
        {
            var query = new ActivityQuery(ActivityQuery.MaxLimit, From: made - Around, To: made + Around);
            await foreach (var page in ReadAsync(org, query, cancellation))
            {
                if (page.Records.FirstOrDefault(record => record.Id == id) is { } found)
                {
                    return found;
                }
            }

            return Refuse.NotFound("activity record of this id");
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    public Listing<ActivityRecord> List(string org, ActivityQuery query) =>
        new(cancellation => ListAsync(org, query, cancellation), cancellation => AllAsync(org, query, cancellation));

    private async Task<Result<Page<ActivityRecord>>> ListAsync(
        string org, ActivityQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await store.QueryAsync(org, await HashedAsync(org, query, cancellation), cancellation);
            return new Page<ActivityRecord>(page.Records, page.NextCursor);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ActivityRecord>> AllAsync(
        string org, ActivityQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var hashed = await HashedAsync(org, query, cancellation);
        await foreach (var page in ReadAsync(
            org, query.IsLimited ? hashed : hashed with { Limit = ActivityQuery.MaxLimit }, cancellation))
        {
            yield return page.Records;
            if (query.IsLimited)
            {
                yield break;
            }
        }
    }

    /// <summary>The query with the end user's hash: records have nothing else of it.</summary>
    private async ValueTask<ActivityQuery> HashedAsync(string org, ActivityQuery query, CancellationToken cancellation) =>
        query.EndUser is { } named
            ? query with { EndUser = (await endUsers.LookUpAsync(org, named, cancellation)).Id.Hash }
            : query;

    private async IAsyncEnumerable<ActivityPage> ReadAsync(
        string org, ActivityQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = query.After; ;)
        {
            var page = await store.QueryAsync(org, query with { After = after }, cancellation);
            yield return page;
            if (page.NextCursor is not { } next || !ActivityCursor.TryParse(next, out var place))
            {
                yield break;
            }

            after = place;
        }
    }
}

using Freeway.Gateway.ActivityLog;

namespace Freeway.Tests.Shared;

public static class ActivityReading
{
    /// <summary>All pages, as a caller would read them: each with the cursor of the one before.</summary>
    public static async Task<List<ActivityRecord>> ReadAllAsync(this IActivityStore store, string org, ActivityQuery query)
    {
        var records = new List<ActivityRecord>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await store.QueryAsync(org, query, default);
            page.Records.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            records.AddRange(page.Records);
            cursor = page.NextCursor;
            if (cursor is not null)
            {
                page.Records.Count.ShouldBe(query.Limit);
                ActivityCursor.TryParse(cursor, out var after).ShouldBeTrue();
                query = query with { After = after };
            }
        }

        return records;
    }
}

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// The roll-ups of refusals, beside the org's activity of the month. Each writer has rows of its own, so that instances
/// never race. Outage stance: a save that throws is repeated later with the same or larger counts; the larger ones
/// stand.
/// </summary>
public interface IRefusalStore
{
    /// <summary>
    /// Brings one writer's counts up to these, which are absolute: again is the same, and late does not count back.
    /// </summary>
    /// <param name="writer">Unique to a process and to one life of it.</param>
    /// <param name="counts">Each key once, all of this org.</param>
    /// <exception cref="IOException">The store is out of reach or too many races were lost.</exception>
    Task SaveAsync(string writer, string org, IReadOnlyList<RefusalCount> counts, CancellationToken cancellation);

    /// <summary>An org's refusals, newest minute first, the counts of all writers together.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<RefusalPage> QueryAsync(string org, RefusalQuery query, CancellationToken cancellation);

    /// <summary>All that match, newest minute first, read page by page as they are asked for.</summary>
    /// <param name="query">Its limit is the size of a page.</param>
    /// <exception cref="IOException">The store is out of reach; thrown where the next page is read.</exception>
    async IAsyncEnumerable<RefusalCount> StreamAsync(
        string org, RefusalQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (RefusalCursor? after = query.After; ;)
        {
            var page = await QueryAsync(org, query with { After = after }, cancellation);
            foreach (var count in page.Refusals)
            {
                yield return count;
            }

            if (page.NextCursor is not { } next || !RefusalCursor.TryParse(next, out var place))
            {
                yield break;
            }

            after = place;
        }
    }
}

/// <summary>Counts how often an org was refused in one minute, for one reason.</summary>
/// <param name="Count">Of all instances together where it was read, of one where it is written.</param>
public sealed record RefusalCount(RefusalKey Key, long Count);

/// <summary>A page of roll-ups and the cursor of the next one, null at the end.</summary>
public sealed record RefusalPage(IReadOnlyList<RefusalCount> Refusals, string? NextCursor);

/// <summary>
/// Identifies the refusals that are counted together. None of it is the caller's own text, so that no caller can make
/// the number of keys grow.
/// </summary>
/// <param name="Minute">The UTC minute in which they were told.</param>
/// <param name="Model">The first model that was asked for: an id of the catalogue, <c>auto</c> or
///     <c>unknown</c>.</param>
/// <param name="Variant">As it was asked for: <c>free</c>, <c>flex</c> or null.</param>
/// <param name="Code">The refusal's code as callers see it.</param>
/// <param name="Limit">The limit that refused, e.g. <c>fastrouter-free.daily</c>; null where none did.</param>
public sealed record RefusalKey(string Org, DateTimeOffset Minute, string Model, string? Variant, string Code, string? Limit)
{
    /// <summary>Stands for every model that the catalogue does not have, and for requests that name none.</summary>
    public const string UnknownModel = "unknown";
}

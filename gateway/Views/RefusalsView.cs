using System.Runtime.CompilerServices;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>What an org was refused, newest minute first. A refusal shows some seconds after it was told.</summary>
public sealed class RefusalsView(IRefusalStore store)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public Listing<RefusalCard> List(string org, RefusalQuery query) =>
        new(cancellation => ListAsync(org, query, cancellation), cancellation => AllAsync(org, query, cancellation));

    private async Task<Decision<Page<RefusalCard>>> ListAsync(string org, RefusalQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await store.QueryAsync(org, query, cancellation);
            return new Page<RefusalCard>([.. page.Refusals.Select(RefusalCard.Of)], page.NextCursor);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<RefusalCard>> AllAsync(string org, RefusalQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = store.StreamAsync(org, query.IsLimited ? query : query with { Limit = RefusalQuery.MaxLimit }, cancellation).Select(RefusalCard.Of);
        await foreach (var some in (query.IsLimited ? rows.Take(query.Limit) : rows).Chunk(RefusalQuery.MaxLimit))
        {
            yield return some;
        }
    }
}

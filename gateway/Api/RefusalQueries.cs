using System.Runtime.CompilerServices;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Api;

/// <summary>
/// Lists the refusals of an organisation, newest minute first. A refusal shows some seconds after it was answered.
/// </summary>
public sealed class RefusalQueries(IRefusalStore store)
{
    public Listing<RefusalResponse> List(string org, RefusalQuery query) =>
        new(cancellation => ListAsync(org, query, cancellation), cancellation => AllAsync(org, query, cancellation));

    private async Task<Result<Page<RefusalResponse>>> ListAsync(
        string org, RefusalQuery query, CancellationToken cancellation)
    {
        try
        {
            var page = await store.QueryAsync(org, query, cancellation);
            return new Page<RefusalResponse>([.. page.Refusals.Select(RefusalResponse.Of)], page.NextCursor);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<RefusalResponse>> AllAsync(
        string org, RefusalQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = store.StreamAsync(org, query.IsLimited ? query : query with { Limit = RefusalQuery.MaxLimit }, cancellation).Select(RefusalResponse.Of);
        await foreach (var some in (query.IsLimited ? rows.Take(query.Limit) : rows).Chunk(RefusalQuery.MaxLimit))
        {
            yield return some;
        }
    }
}

/// <summary>Counts the refusals of an organisation in one minute, for one reason.</summary>
/// <param name="Model">
/// The first model that was asked for; <c>auto</c> for <c>auto:free</c>, <c>unknown</c> where there is no such model.
/// </param>
/// <param name="Variant">As it was asked for: <c>free</c>, <c>flex</c> or none.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Limit">The limit that refused, where one did.</param>
public sealed record RefusalResponse(
    DateTimeOffset Minute, string Model, string? Variant, string Code, string? Limit, long Count)
{
    public static RefusalResponse Of(RefusalCount refusal) =>
        new(
            refusal.Key.Minute, refusal.Key.Model, refusal.Key.Variant, refusal.Key.Code, refusal.Key.Limit,
            refusal.Count);
}

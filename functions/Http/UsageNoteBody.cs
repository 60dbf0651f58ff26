using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Freeway.Gateway.Views;

namespace Freeway.Functions.Http;

/// <summary>What an answer says of itself under <c>freeway</c>, for callers who send <c>x-freeway-include</c>.</summary>
/// <param name="Route">The upstreams that were tried, for those who ask for <c>route</c>.</param>
internal sealed record UsageNoteBody(
    string Tier, IReadOnlyList<QuotaCard>? Limits, long? GiftedTokens, long? BilledTokens, string? CostUsd, IReadOnlyList<RouteAttempt>? Route)
{
    public static ReadOnlyMemory<byte> Write(UsageNote note)
    {
        var quota = note.Wishes.IncludeQuota;
        return JsonSerializer.SerializeToUtf8Bytes(
            new UsageNoteBody(
                note.Tier,
                quota ? [.. QuotaCard.All(note.Quote.Terms, note.Quote.Model.Id, note.Limits)] : null,
                quota ? note.GiftedTokens : null,
                quota ? note.BilledTokens : null,
                quota ? Money.Format(note.CostNanos) : null,
                note.Wishes.IncludeRoute ? note.Attempts : null),
            PlainJson.Api.UsageNoteBody);
    }
}

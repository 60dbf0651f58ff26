using System.Text.Json;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Freeway.Gateway.Views;

namespace Freeway.Functions.Http;

/// <summary>What an answer says of itself under <c>freeway</c>, for callers who send <c>x-freeway-include: quota</c>.</summary>
internal sealed record UsageNoteBody(string Tier, IReadOnlyList<QuotaCard> Limits, long GiftedTokens, long BilledTokens, string CostUsd)
{
    public static ReadOnlyMemory<byte> Write(UsageNote note) => JsonSerializer.SerializeToUtf8Bytes(
        new UsageNoteBody(
            note.Tier,
            [.. QuotaCard.All(note.Quote.Terms, note.Quote.Model.Id, note.Limits)],
            note.GiftedTokens,
            note.BilledTokens,
            Money.Format(note.CostNanos)),
        PlainJson.Api.UsageNoteBody);
}

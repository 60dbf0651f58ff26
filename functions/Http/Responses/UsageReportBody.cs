using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;

namespace Freeway.Functions.Http.Responses;

/// <summary>Writes the member <c>freeway</c> of a response, for callers who send <c>x-freeway-include</c>.</summary>
/// <param name="Route">The upstreams that were tried, for those who ask for <c>route</c>.</param>
internal sealed record UsageReportBody(
    string Tier, IReadOnlyList<QuotaResponse>? Limits, long? GiftedTokens, long? BilledTokens, string? CostUsd, IReadOnlyList<RouteAttempt>? Route)
{
    public static ReadOnlyMemory<byte> Write(UsageReport note)
    {
        var quota = note.Options.IncludeQuota;
        return JsonSerializer.SerializeToUtf8Bytes(
            new UsageReportBody(
                note.Tier,
                quota ? [.. QuotaResponse.All(note.Quote.Terms, note.Quote.Model.Id, note.Limits)] : null,
                quota ? note.GiftedTokens : null,
                quota ? note.BilledTokens : null,
                quota ? Money.Format(note.CostNanos) : null,
                note.Options.IncludeRoute ? note.Attempts : null),
            PlainJson.Api.UsageReportBody);
    }
}

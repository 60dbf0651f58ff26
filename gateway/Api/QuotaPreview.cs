using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>Goes the way of a request as far as its reservation, and looks instead of taking.</summary>
public sealed class QuotaPreview(
    CurrentCatalogue current, CandidateStage candidates, QuoteStage quotes, RequestLedger ledger, Suggestions suggestions)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    /// <summary>The endpoints whose requests are JSON: nothing is known of a form before it is sent.</summary>
    private static readonly IReadOnlyList<string> Checked =
        [.. Surface.All.Where(surface => surface.Content.Forms is not ContentForms.None).Select(
            surface => surface.Path)];

    /// <param name="endpoint">The one that the request would be sent to, e.g. <c>chat/completions</c>.</param>
    /// <param name="body">As it would be sent.</param>
    /// <returns>
    /// A refusal where the request itself is wrong; what plan, caps, limits or account refuse is a check that says so.
    /// </returns>
    public async Task<Result<QuotaCheck>> PreviewAsync(
        Caller caller, string endpoint, RequestOptions options, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
            || !SurfaceOf(endpoint).Accepted(out var surface, out refusal)
            || !JsonBody.Parse(body, surface).Accepted(out var request, out refusal)
            || !CandidateStage.Slugs(request).Accepted(out var slugs, out refusal))
        {
            return refusal;
        }

        if (CandidateStage.Check(catalogue, request, slugs) is { } wrong)
        {
            return wrong;
        }

        try
        {
            return await CheckAsync(catalogue, caller, request, slugs, options, cancellation);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    /// <summary>The first way that would be admitted, else the first that is none.</summary>
    private async Task<Result<QuotaCheck>> CheckAsync(
        CatalogueSnapshot catalogue, Caller caller, RequestBody request, Slug[] slugs, RequestOptions options, CancellationToken cancellation)
    {
        Result<QuotaCheck>? first = null;
        foreach (var way in candidates.Of(catalogue, caller, request, slugs, options.Overflow))
        {
            var decision = way.Accepted(out var quote, out var refusal) ? await CheckAsync(
                catalogue, caller, request, quote, cancellation)
                : refusal.Code is RefusalCode.InvalidRequest ? (Result<QuotaCheck>)refusal
                : QuotaCheck.Without(request.Model, slugs[0].ModelId, refusal);
            if (decision.Accepted(out var check, out _) && check.Admitted)
            {
                return decision;
            }

            first ??= decision;
        }

        return first!.Value;
    }

    private async Task<QuotaCheck> CheckAsync(
        CatalogueSnapshot catalogue, Caller caller, RequestBody request, Quote quote, CancellationToken cancellation)
    {
        var decision = await ledger.CheckAsync(caller.Org.Id, quote.Takes, cancellation, quote.Smaller);
        if (decision.Accepted(out var taking, out var refusal))
        {
            return QuotaCheck.Of(request.Model, taking.Size is { } ceiling ? quote.Under!(ceiling) : quote, taking);
        }

        if (refusal.Limit is { } spent && quote.Terms.NextFree.Contains(spent.Source))
        {
            foreach (var next in quotes.NextFree(catalogue, caller, request, quote.Model.Id))
            {
                if ((await ledger.CheckAsync(caller.Org.Id, next.Takes, cancellation)).Accepted(out taking, out _))
                {
                    return QuotaCheck.Of(request.Model, next, taking);
                }
            }
        }

        var helpful = suggestions.Add(catalogue, refusal, quote, caller, request.Surface);
        return QuotaCheck.Of(request.Model, quote, helpful);
    }

    private static Result<Surface> SurfaceOf(string endpoint) => Surface.At(endpoint) is { Content.Forms: not ContentForms.None } surface
        ? surface
        : Refuse.InvalidField(
            "x-freeway-endpoint", $"'x-freeway-endpoint' must be one of {string.Join(", ", Checked)}.");
}

/// <summary>Says whether a request would be admitted if it were sent now, and what it would take.</summary>
/// <param name="Slug">As the caller wrote it.</param>
/// <param name="Model">
/// What would answer: another than was asked for where the request would overflow to the next free model.
/// </param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>; null where there are no terms for it.</param>
/// <param name="Reservation">What it would take of each limit; where it is not admitted, what it wants.</param>
/// <param name="Estimate">Null where the request is refused before one is made.</param>
/// <param name="Refusal">Null where it would be admitted.</param>
public sealed record QuotaCheck(
    bool Admitted,
    string Slug,
    string Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Tier,
    IReadOnlyList<ReservedAmount> Reservation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] EstimateResponse? Estimate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] CheckRefusal? Refusal)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "quota.check";

    internal static QuotaCheck Of(string slug, Quote quote, Allocation taking) => new(
        true,
        slug,
        quote.Model.Id,
        quote.Tier(gifted: taking.Covered > 0),
        [.. quote.Takes.Select((take, index) => ReservedAmount.Of(take.Bound, taking.Amounts[index]))],
        EstimateResponse.Of(quote),
        null);

    internal static QuotaCheck Of(string slug, Quote quote, Refusal refusal) => new(
        false,
        slug,
        quote.Model.Id,
        quote.Tier(gifted: false),
        [.. quote.Takes.Select(take => ReservedAmount.Of(take.Bound, take.Amount))],
        EstimateResponse.Of(quote),
        CheckRefusal.Of(refusal));

    internal static QuotaCheck Without(string slug, string model, Refusal refusal) => new(
        false, slug, model, null, [], null, CheckRefusal.Of(refusal));
}

/// <summary>The refusal that a request would be answered with.</summary>
/// <param name="RetryAfter">In seconds.</param>
public sealed record CheckRefusal(
    string Code, string Message, string? LimitSource, DateTimeOffset? ResetAt, long? RetryAfter)
{
    public static CheckRefusal Of(Refusal refusal) => new(
        refusal.Code.WireName(),
        refusal.Message,
        refusal.Limit?.Source,
        refusal.Limit?.ResetsAt,
        refusal.RetryAfter is { } wait ? (long)Math.Ceiling(wait.TotalSeconds) : null);
}

/// <summary>The most that a request is thought to use.</summary>
/// <param name="CostUsd">At the standard rate, before a gift is taken off; 0.00 where nobody pays.</param>
public sealed record EstimateResponse(
    long InputTokens, long OutputTokens, long Images, long Characters, long Seconds, string CostUsd)
{
    public static EstimateResponse Of(Quote quote)
    {
        var most = quote.Estimate;
        return new EstimateResponse(
            most.Input, most.Output, most.Images, most.Characters, most.Seconds, Money.Format(
                quote.Terms.Paid.Count > 0 ? most.CostNanos : 0));
    }
}

/// <summary>The amount that a request would take of one limit, in the unit as callers see it.</summary>
public sealed record ReservedAmount(string Id, string Unit, decimal Amount)
{
    public static ReservedAmount Of(BoundLimit bound, long amount) =>
        new(bound.Source, bound.Limit.Unit.WireName(), bound.Limit.Unit.Shown(amount));
}

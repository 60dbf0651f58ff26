using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>
/// Says what would become of a request if it were sent now: it takes the request through the pipeline's own stages as
/// far as the reservation, and looks there instead of taking.
/// </summary>
public sealed class QuotaPreview(
    ParseStage parsing,
    ModelStage models,
    BindStage plans,
    ReserveStage reservations,
    LedgerOptions options,
    TimeProvider clock)
{
    /// <summary>The endpoints whose requests are JSON: of a form, nothing is known before it is sent.</summary>
    private static readonly IReadOnlyList<string> Checked =
        [.. Surface.All.Where(surface => surface.Content.Forms is not ContentForms.None).Select(surface => surface.Path)];

    /// <summary>Previews a request of a caller who is known (step 1).</summary>
    /// <param name="endpoint">The one that the request would be sent to, e.g. <c>chat/completions</c>.</param>
    /// <param name="body">The request's body as it would be sent.</param>
    /// <returns>
    /// A refusal where the request itself is wrong; a check where plan, caps, limits or account refuse it.
    /// </returns>
    public async Task<Result<QuotaCheck>> PreviewAsync(
        Caller caller, string endpoint, RequestOptions wanted, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!SurfaceOf(endpoint).Accepted(out var surface, out var wrong))
        {
            return wrong;
        }

        var incoming = new PreviewedRequest(surface, wanted, body, cancellation);
        using var request = new RequestContext(incoming, new WaitBudget(options.ReserveDeadline, clock), clock) { Caller = caller };

        // Step 3 is left out: a preview is never a repeat, and no repeat of it is asked for.
        var refusal = await parsing.ParseAsync(request);
        refusal ??= ModelStage.Find(request);
        if (refusal is not null)
        {
            return refusal;
        }

        try
        {
            return await CheckAsync(request);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    /// <summary>Checks the first candidate that would be admitted, else the one that can serve first.</summary>
    private async Task<Result<QuotaCheck>> CheckAsync(RequestContext request)
    {
        var earliest = new EarliestRefusal();
        foreach (var candidate in models.Candidates(request))
        {
            candidate.Refusal = plans.Bind(request, candidate);
            if (candidate is { Refusal: null, Quote: { } quote })
            {
                var decision = await reservations.CheckAsync(request, candidate);
                if (decision.Accepted(out var taking, out var refusal))
                {
                    return QuotaCheck.Of(request.Body.Model, quote.Sized(taking.Size), taking);
                }

                candidate.Refusal = refusal;
            }

            earliest.Add(candidate);
        }

        return Refused(request, earliest.Candidate!, earliest.Refusal!);
    }

    private static Result<QuotaCheck> Refused(RequestContext request, Candidate candidate, Refusal refusal)
    {
        if (candidate.Quote is { } quote)
        {
            return QuotaCheck.Of(request.Body.Model, quote, refusal);
        }

        return refusal.Code is RefusalCode.InvalidRequest
            ? refusal
            : QuotaCheck.Without(request.Body.Model, request.Slugs[0].ModelId, refusal);
    }

    private static Result<Surface> SurfaceOf(string endpoint) => Surface.At(endpoint) is { Content.Forms: not ContentForms.None } surface
        ? surface
        : Refuse.InvalidField(
            "x-freeway-endpoint", $"'x-freeway-endpoint' must be one of {string.Join(", ", Checked)}.");
}

/// <summary>Is a request that is only previewed: nobody sent it.</summary>
internal sealed class PreviewedRequest(
    Surface surface, RequestOptions options, ReadOnlyMemory<byte> body, CancellationToken cancellation) : IIncomingRequest
{
    public Surface Surface => surface;

    public string? Secret => null;

    public CancellationToken CallerGone => cancellation;

    public Result<RequestOptions> ReadOptions() => options;

    public Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync() => Task.FromResult<Result<ReadOnlyMemory<byte>>>(body);

    public Task<Result<UploadedForm>> ReadFormAsync() => throw new NotSupportedException("Forms are not previewed.");
}

/// <summary>Says what would become of a request if it were sent now.</summary>
/// <param name="Slug">The slug as the caller wrote it.</param>
/// <param name="Model">
/// The model that would answer: another than was named where the request would overflow to a free one.
/// </param>
/// <param name="Tier"><c>free</c>, <c>gift</c> or <c>paid</c>; null where there are no terms for it.</param>
/// <param name="Reservation">
/// What the request would take of each limit; where it is not admitted, what it wants.
/// </param>
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

    internal static QuotaCheck Without(string slug, string model, Refusal refusal) =>
        new(false, slug, model, null, [], null, CheckRefusal.Of(refusal));
}

/// <summary>Is the refusal that a request would be answered with.</summary>
/// <param name="RetryAfter">In whole seconds, rounded up; null where waiting does not help.</param>
public sealed record CheckRefusal(string Code, string Message, string? LimitSource, DateTimeOffset? ResetAt, long? RetryAfter)
{
    public static CheckRefusal Of(Refusal refusal) => new(
        refusal.Code.WireName(),
        refusal.Message,
        refusal.Limit?.Source,
        refusal.Limit?.ResetsAt,
        refusal.RetryAfter is { } wait ? (long)Math.Ceiling(wait.TotalSeconds) : null);
}

/// <summary>Says the most that a request is thought to use.</summary>
/// <param name="CostUsd">The cost at the standard rate, before a gift is taken off; 0.00 where nobody pays.</param>
public sealed record EstimateResponse(long InputTokens, long OutputTokens, long Images, long Characters, long Seconds, string CostUsd)
{
    public static EstimateResponse Of(Quote quote)
    {
        var most = quote.Estimate;
        return new EstimateResponse(
            most.Input, most.Output, most.Images, most.Characters, most.Seconds, Money.Format(quote.Terms.Paid.Count > 0 ? most.CostNanos : 0));
    }
}

/// <summary>Says what a request would take of one limit, in the unit that callers see.</summary>
public sealed record ReservedAmount(string Id, string Unit, decimal Amount)
{
    public static ReservedAmount Of(BoundLimit bound, long amount) =>
        new(bound.Source, bound.Limit.Unit.WireName(), bound.Limit.Unit.Shown(amount));
}

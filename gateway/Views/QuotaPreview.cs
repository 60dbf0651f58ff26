using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>Goes the way of a request as far as its reservation, and looks instead of taking.</summary>
public sealed class QuotaPreview(CurrentCatalogue current, Candidates candidates, QuoteStage quotes, RequestLedger ledger)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    /// <summary>Those whose requests are JSON: of a form, nothing is known before it is sent.</summary>
    private static readonly IReadOnlyList<string> Checked =
        [.. Surface.All.Where(surface => surface.Content.Forms is not ContentForms.None).Select(surface => surface.Path)];

    /// <param name="endpoint">The one that the request would be sent to, e.g. <c>chat/completions</c>.</param>
    /// <param name="body">As it would be sent.</param>
    /// <returns>A refusal where the request itself is wrong; what plan, caps, limits or account refuse is a check that says so.</returns>
    public async Task<Decision<QuotaCheck>> PreviewAsync(
        Caller caller, string endpoint, Wishes wishes, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal)
            || !SurfaceOf(endpoint).Accepted(out var surface, out refusal)
            || !JsonBody.Parse(body, surface).Accepted(out var request, out refusal)
            || !Candidates.Slugs(request).Accepted(out var slugs, out refusal))
        {
            return refusal;
        }

        if (Candidates.Check(catalogue, request, slugs) is { } wrong)
        {
            return wrong;
        }

        try
        {
            return await CheckAsync(catalogue, caller, request, slugs, wishes, cancellation);
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    /// <summary>The first way that would be admitted, else the first that is none.</summary>
    private async Task<Decision<QuotaCheck>> CheckAsync(
        CatalogueSnapshot catalogue, Caller caller, RequestBody request, Slug[] slugs, Wishes wishes, CancellationToken cancellation)
    {
        Decision<QuotaCheck>? first = null;
        foreach (var way in candidates.Of(catalogue, caller, request, slugs, wishes.Overflow))
        {
            var decision = way.Accepted(out var quote, out var refusal) ? await CheckAsync(catalogue, caller, request, quote, cancellation)
                : refusal.Code is RefusalCode.InvalidRequest ? (Decision<QuotaCheck>)refusal
                : QuotaCheck.Without(request.Model, slugs[0].ModelId, refusal);
            if (decision.Accepted(out var check, out _) && check.Admitted)
            {
                return decision;
            }

            first ??= decision;
        }

        return first!.Value;
    }

    private async Task<QuotaCheck> CheckAsync(CatalogueSnapshot catalogue, Caller caller, RequestBody request, Quote quote, CancellationToken cancellation)
    {
        if ((await ledger.CheckAsync(caller.Org.Id, quote.Takes, cancellation)).Accepted(out var taking, out var refusal))
        {
            return QuotaCheck.Of(request.Model, quote, taking);
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

        return QuotaCheck.Of(request.Model, quote, refusal);
    }

    private static Decision<Surface> SurfaceOf(string endpoint) => Surface.At(endpoint) is { Content.Forms: not ContentForms.None } surface
        ? surface
        : Refuse.InvalidField("x-freeway-endpoint", $"'x-freeway-endpoint' must be one of {string.Join(", ", Checked)}.");
}

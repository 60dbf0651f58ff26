using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Suggests what a caller whose quota is spent can call instead. Suggestions come from memory alone, so that refusals
/// stay free.
/// </summary>
public sealed class Suggestions(RequestLedger ledger)
{
    /// <summary>So many free models are suggested at most.</summary>
    private const int MostModels = 5;

    /// <summary>Adds suggestions to the refusal of a slug, where it speaks of a limit.</summary>
    public Refusal Add(RequestContext request, Slug slug, Refusal refusal)
    {
        if (refusal.Limit is not { } spent)
        {
            return refusal;
        }

        // To pay helps against what a plan gives away, not against a limit of the key's own.
        var payingHelps = slug.Variant is Variant.Free && !KeyLimits.IsOwn(spent.Source);
        string[] paid = payingHelps ? [slug.ModelId] : [];
        var free = OtherFreeModels(request, slug).Take(MostModels);
        return refusal with { Limit = spent with { Suggestions = [.. paid, .. free] } };
    }

    private IEnumerable<string> OtherFreeModels(RequestContext request, Slug refused) => request.Catalogue.Models.All
        .Where(model => model.FreeEnabled && model.IsFor(request.Body.Surface))
        .Select(model => (Model: model, Slug: new Slug(model.Id, Variant.Free)))
        .Where(free => free.Slug != refused && HasQuota(request, free.Model, free.Slug))
        .Select(free => free.Slug.ToString());

    /// <summary>Tells whether quota is left for one request, whatever its size.</summary>
    private bool HasQuota(RequestContext request, Model model, Slug slug)
    {
        var bound = request.Catalogue.Plans.Bind(request.Caller, slug, model);
        if (!bound.Accepted(out var terms, out _))
        {
            return false;
        }

        var claims = terms.All.Select(limit => new Claim(limit, Least(limit.Limit.Unit)));
        return !ledger.IsKnownSpent(request.Caller.Org.Id, [.. claims]);
    }

    /// <summary>A request may cost nothing, but it always is one request of one token at least.</summary>
    private static long Least(LimitUnit unit) => unit is LimitUnit.NanoDollars or LimitUnit.MicroUnits ? 0 : 1;
}

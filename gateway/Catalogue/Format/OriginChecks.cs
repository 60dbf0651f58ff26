using System.Globalization;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// Checks what numbers say of their origin: a source that the file has, and the day on which it was last looked at.
/// </summary>
internal sealed class OriginChecks(CatalogueErrors errors)
{
    /// <summary>The forms of a date, which is as exact as it is known.</summary>
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM"];

    /// <param name="sources">Those of the plan and of its file.</param>
    public void Check(PlanEntry plan, IReadOnlyList<PlanSource> sources, string at)
    {
        Check(plan.Limits, sources, $"{at}.limits");
        Check(plan.Rates, sources, $"{at}.rates");
        foreach (var (caps, index) in (plan.Caps ?? []).Select((caps, index) => (caps, index)))
        {
            Check(caps?.Source, caps?.VerifiedOn, sources, $"{at}.caps[{index}]");
        }

        Check(plan.Purchases?.Source, plan.Purchases?.VerifiedOn, sources, $"{at}.purchases");
    }

    /// <param name="sources">Those of the upstream or its preset.</param>
    public void Check(IReadOnlyList<LimitEntry?>? limits, IReadOnlyList<PlanSource> sources, string at)
    {
        foreach (var (limit, index) in (limits ?? []).Select((limit, index) => (limit, index)))
        {
            Check(limit?.Source, limit?.VerifiedOn, sources, $"{at}[{index}]");
        }
    }

    /// <param name="sources">Those of the upstream or its preset.</param>
    public void Check(IReadOnlyList<RateEntry?>? rates, IReadOnlyList<PlanSource> sources, string at)
    {
        foreach (var (rate, index) in (rates ?? []).Select((rate, index) => (rate, index)))
        {
            Check(rate?.Source, rate?.VerifiedOn, sources, $"{at}[{index}]");
        }
    }

    private void Check(string? source, string? verifiedOn, IReadOnlyList<PlanSource> sources, string at)
    {
        var isThere = source is null || sources.Any(known => known.Id == source);
        errors.Check(isThere, $"{at}.source", $"there is no source whose id is '{source}'");
        var isDate = verifiedOn is null
            || DateOnly.TryParseExact(verifiedOn, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        errors.Check(isDate, $"{at}.verified_on", "must be a date such as 2026-01-31 or 2026-01");
    }
}

using System.Globalization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Plans;

/// <summary>Tells an organisation what it would have to be or do for a plan to be open to it.</summary>
internal static class Eligibility
{
    public static string Explain(Plan plan, Condition condition, Org org) =>
        $"The plan '{plan.Name}' is not open to your organisation: {Steps(condition, plan.Purchases, org)}.";

    /// <summary>
    /// Explains that a free plan gives nothing, because none of its limits holds for the organisation.
    /// </summary>
    public static string ExplainNothingGiven(Plan plan, Model model, Org org) =>
        plan.Limits.FirstOrDefault(limit => limit.Models.Contains(model.Id) && limit.When?.Holds(org) is false)?.When is { } condition
            ? $"The plan '{plan.Name}' gives your organisation nothing on the model '{model.Id}': {Steps(condition, plan.Purchases, org)}."
            : $"The plan '{plan.Name}' gives nothing on the model '{model.Id}'. Choose another model.";

    /// <summary>
    /// Lists what an organisation still has to do to meet a condition, as steps with semicolons between.
    /// </summary>
    public static string Steps(Condition condition, PurchaseRules purchases, Org org) =>
        string.Join("; ", Missing(condition, purchases, org));

    /// <summary>
    /// Tells whether an organisation can still come to meet a condition; what it has done already cannot be undone.
    /// </summary>
    public static bool CanBeMet(Condition condition, Org org)
    {
        var hasTooMuch = (condition.Premium is false && org.Premium)
            || (condition.PhoneVerified is false && org.PhoneVerified)
            || (condition.NeverPaid is true && org.PurchasedNanos > 0);
        return !hasTooMuch;
    }

    private static IEnumerable<string> Missing(Condition condition, PurchaseRules purchases, Org org)
    {
        if (condition.Premium is { } premium && premium != org.Premium)
        {
            yield return !premium ? "it is for organisations that are not premium"
                : purchases.PremiumFrom is { } from ? $"become premium: add {Usd(from)} USD of credit or more at once"
                : "become premium: ask the operator";
        }

        if (condition.PhoneVerified is { } verified && verified != org.PhoneVerified)
        {
            yield return verified ? "verify a phone number" : "it is for organisations without a verified phone number";
        }

        if (condition.NeverPaid is { } never && never != (org.PurchasedNanos is 0))
        {
            yield return never ? "it is for organisations that have not bought credit yet" : $"add {Usd(purchases.Least)} USD of credit or more";
        }

        if (condition.PurchasedAtLeastNanos is { } least && org.PurchasedNanos < least)
        {
            yield return $"add {Usd(least - org.PurchasedNanos)} USD of credit, for {Usd(least)} in all";
        }

        if (condition.UserTier is { } tier && tier != org.UserTier)
        {
            yield return $"ask the operator for the tier '{tier}'";
        }
    }

    private static string Usd(long nanos) => (nanos / (decimal)Money.NanosPerDollar).ToString("0.#########", CultureInfo.InvariantCulture);
}

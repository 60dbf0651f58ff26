using System.Globalization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Plans;

/// <summary>
/// A gift, or a larger amount of a limit, that a plan has for an organisation once it does what is asked.
/// </summary>
/// <param name="Source">The limit, with its plan: <c>lunos.daily-tokens</c>.</param>
/// <param name="Limit">The limit with the amount that is offered.</param>
/// <param name="IsGift">True for a limit that gives before the account pays.</param>
/// <param name="Requires">What the organisation has to do, e.g. <c>verify a phone number</c>.</param>
public sealed record PlanOffer(string Source, Limit Limit, bool IsGift, string Requires)
{
    /// <summary>The offer as a sentence of a refusal.</summary>
    public string Sentence =>
        $"For {(IsGift ? "a gift of " : "")}{LimitText.Allowance(Limit, Limit.Amount)}{(IsGift ? "" : " instead")}: {Requires}.";

    /// <summary>Finds what an organisation could have of a plan and has not, in the plan's order.</summary>
    /// <remarks>What no deed can bring about is no offer: a plan for those who never paid, to one that has.</remarks>
    public static IReadOnlyList<PlanOffer> All(Plan plan, Model model, Org org)
    {
        if (!plan.Models.Contains(model.Id))
        {
            return [];
        }

        return [.. plan.Limits.Where(limit => limit.Models.Contains(model.Id)).SelectMany(limit => Of(plan, limit, org))];
    }

    private static IEnumerable<PlanOffer> Of(Plan plan, PlanLimit planned, Org org)
    {
        var isGift = planned.Overflow.Contains(Overflow.Bill);
        if (planned.When is { } condition && !condition.Holds(org))
        {
            return isGift && Eligibility.CanBeMet(condition, org)
                ? [Offer(planned.Limit.Amount, condition, isGift: true)]
                : [];
        }

        var amount = planned.Amounts.FirstOrDefault(other => other.When.Holds(org))?.Amount ?? planned.Limit.Amount;
        return planned.Amounts
            .Where(other => other.Amount > amount && Eligibility.CanBeMet(other.When, org))
            .Select(other => Offer(other.Amount, other.When, isGift));

        PlanOffer Offer(long offered, Condition when, bool isGift) => new(
            $"{plan.Name}.{planned.Limit.Name}", planned.Limit with { Amount = offered }, isGift,
            Eligibility.Steps(when, plan.Purchases, org));
    }
}

/// <summary>Writes amounts of limits for people, e.g. <c>1000 requests per day</c>.</summary>
internal static class LimitText
{
    /// <summary>An amount with its unit and, where the limit has one, its window.</summary>
    public static string Allowance(Limit limit, long amount) => limit.Window switch
    {
        LimitWindow.Lifetime or LimitWindow.None => Amount(limit.Unit, amount),
        LimitWindow.Rolling30Days => $"{Amount(limit.Unit, amount)} per 30 days",
        var window => $"{Amount(limit.Unit, amount)} per {window.WireName()}",
    };

    /// <summary>An amount with its unit.</summary>
    public static string Amount(LimitUnit unit, long amount) => $"{Number(unit, amount)} {Unit(unit)}";

    /// <summary>An amount as callers see it, without its unit.</summary>
    public static string Number(LimitUnit unit, long amount) =>
        unit.Shown(amount).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>A unit as callers read it.</summary>
    public static string Unit(LimitUnit unit) =>
        unit is LimitUnit.NanoDollars ? "USD" : unit.WireName().Replace('_', ' ');
}

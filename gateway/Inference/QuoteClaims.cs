using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Inference;

/// <summary>
/// Says who gives how much of a request: hard limits all of it, gifts as far as they reach, and the account the rest at
/// the standard rate. Estimates and real usage are split alike.
/// </summary>
public static class QuoteClaims
{
    /// <summary>Makes the claims of a request, in the order of <see cref="Terms.All"/>.</summary>
    /// <param name="ceiling">The member by which the caller bounds its output; null where it sent none.</param>
    public static IReadOnlyList<Claim> Takes(
        Terms terms, Model model, Slug slug, Quantities used, string? ceiling = null)
    {
        var claims = new List<Claim>(terms.Hard.Count + terms.Gifts.Count + terms.Paid.Count);
        foreach (var bound in terms.Hard)
        {
            claims.Add(new Claim(bound, used.Of(bound.Limit.Unit)) { Ceiling = ceiling });
        }

        foreach (var bound in terms.Gifts)
        {
            claims.Add(Claim.Gift(bound, used.Of(bound.Limit.Unit)));
        }

        foreach (var bound in terms.Paid)
        {
            claims.Add(Claim.Overage(bound, Rest) with { Ceiling = ceiling });
        }

        return claims;

        long Rest(long covered) => terms.Gifts is [{ Limit.Unit: var unit }, ..]
            ? Beyond(unit, covered, model, slug, used)
            : used.CostNanos;
    }

    /// <summary>
    /// Finds what is to be paid, in nano-dollars, once gifts have covered so much. Gifted tokens are the prompt's
    /// first, and of those the cached ones: a cache holds the beginning of a prompt. A request that takes no tokens is
    /// no gift of tokens.
    /// </summary>
    public static long Beyond(LimitUnit gift, long covered, Model model, Slug slug, Quantities used)
    {
        if (gift is LimitUnit.NanoDollars)
        {
            return Math.Max(0, used.CostNanos - covered);
        }

        if (covered > 0 && covered >= used.Of(LimitUnit.Tokens))
        {
            return 0;
        }

        var given = Given(used, covered);
        var cached = Math.Max(0, used.Cached - given.Input);
        return model.Cost(
            slug.Variant, used.Input - given.Input, used.Output - given.Output, used.Images, used.Characters, used.Seconds,
            cached);
    }

    /// <summary>Finds the tokens that a gift covers, where cached ones may count less than others.</summary>
    private static (long Input, long Output) Given(Quantities used, long covered)
    {
        if (covered is 0)
        {
            return (0, 0);
        }

        var cached = used.Cached - used.Uncounted;
        if (covered < cached)
        {
            return ((long)((Int128)covered * used.Cached / cached), 0);
        }

        var input = Math.Min(covered - cached, used.Input - used.Cached);
        return (used.Cached + input, Math.Min(covered - cached - input, used.Output));
    }

    /// <summary>Counts those of a request's tokens that nobody pays for.</summary>
    /// <param name="tier">The tier that was booked.</param>
    /// <param name="tokens">All of the request's tokens, also those that no limit counts.</param>
    public static long Gifted(string tier, Terms terms, Quantities used, long tokens, long covered) =>
        tier switch
        {
            "gift" when terms.Paid.Count > 0 => GiftedTokens(terms, used, covered),
            "paid" => 0,
            _ => tokens,
        };

    /// <summary>Counts the tokens that were a gift.</summary>
    public static long GiftedTokens(Terms terms, Quantities used, long covered) => terms.Gifts switch
    {
        [] => 0,
        [{ Limit.Unit: LimitUnit.NanoDollars }, ..] => used.CostNanos is 0 || covered >= used.CostNanos
            ? used.Tokens
            : (long)((Int128)used.Tokens * covered / used.CostNanos),
        _ => Sum(Given(used, covered)),
    };

    private static long Sum((long Input, long Output) tokens) => tokens.Input + tokens.Output;
}

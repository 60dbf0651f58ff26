using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Plans;

/// <summary>
/// Decides what happens when one limit is spent: its plan offers a list, which organisation and key may only narrow.
/// </summary>
internal readonly record struct OverflowChoice(IReadOnlyList<Overflow> Offered, Overflow? Org, Overflow? Key)
{
    public const string Header = "x-freeway-overflow";

    /// <summary>Tells whether an overflow may be chosen. To be refused is always allowed.</summary>
    public bool Allows(Overflow overflow) =>
        overflow is Overflow.Reject || (Offered.Contains(overflow) && overflow <= (Org ?? Overflow.Bill) && overflow <= (Key ?? Overflow.Bill));

    /// <summary>
    /// Chooses the overflow: the one that the request asks for where this limit allows it, else the first on the
    /// limit's list that is no wider. A request that asks for none gets what its key chose, else its organisation, else
    /// the first on the list.
    /// </summary>
    public Overflow Of(Overflow? asked)
    {
        if (asked is { } wanted)
        {
            return Allows(wanted) ? wanted : First(wanted);
        }

        return Key is { } key && Allows(key) ? key : Org is { } org && Allows(org) ? org : First(Overflow.Bill);
    }

    /// <summary>Explains who allows which overflow, to a caller who asked for more.</summary>
    public static string Explain(Overflow asked, string plan, IReadOnlyList<PlanLimit> limits, Caller caller)
    {
        var ways = limits.SelectMany(limit => limit.Overflow).Append(Overflow.Reject).Distinct().Order();
        var offered = string.Join(", ", ways.Select(way => way.WireName()));
        return $"'{Header}: {asked.WireName()}' is not allowed here: the plan '{plan}' offers {offered}"
            + (caller.Org.Overflow is { } org ? $"; your organisation allows up to {org.WireName()}" : "")
            + (caller.Key.Overflow is { } key ? $"; this key allows up to {key.WireName()}" : "")
            + ". Ask for less, or leave the header out.";
    }

    private Overflow First(Overflow widest)
    {
        foreach (var overflow in Offered)
        {
            if (overflow <= widest && Allows(overflow))
            {
                return overflow;
            }
        }

        return Overflow.Reject;
    }
}

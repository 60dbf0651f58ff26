using Freeway.Gateway.Core;

namespace Freeway.Gateway.Plans;

/// <summary>
/// The terms of one caller's request on one model: everything of its plan that applies, with its organisation's
/// amounts.
/// </summary>
/// <param name="Hard">Limits that refuse when they are spent, in the plan's order, then the key's own.</param>
/// <param name="Gifts">
/// Limits that cover as far as they reach; all in one unit, tokens or nano-dollars. What is beyond them is paid.
/// </param>
/// <param name="Paid">
/// What pays: the account, then the spend ceilings of org and key; empty where nothing is billed.
/// </param>
/// <param name="Caps">The narrowest of those that apply.</param>
public sealed record Terms(Plan Plan, IReadOnlyList<BoundLimit> Hard, IReadOnlyList<BoundLimit> Gifts, IReadOnlyList<BoundLimit> Paid, Caps Caps)
{
    /// <summary>The compute units that the model takes; null where the plan has no rate for it.</summary>
    public ComputeRate? Rate { get; init; }

    /// <summary>Sources of limits that send a request to the next free model when they are spent.</summary>
    public IReadOnlySet<string> NextFree { get; init; } = new HashSet<string>();

    /// <summary>
    /// The first limit that counts for each end user, where the request names none: it is not among the terms, and the
    /// request must not be served. Null where nothing is missing.
    /// </summary>
    public string? LacksEndUser { get; init; }

    /// <summary>The shape of quota errors: the model's, else the plan's.</summary>
    public Dialect Dialect { get; init; }

    public IEnumerable<BoundLimit> All => [.. Hard, .. Gifts, .. Paid];
}

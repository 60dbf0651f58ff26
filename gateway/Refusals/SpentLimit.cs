namespace Freeway.Gateway.Refusals;

/// <summary>The limit behind a refusal: of all that refuse, the one that binds longest.</summary>
/// <param name="Source">Which limit: plan and limit name, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Amount">What the limit allows in one window, in <paramref name="Unit"/>.</param>
/// <param name="Used">What is used or reserved of it now.</param>
/// <param name="Unit">E.g. <c>requests</c>.</param>
/// <param name="Window">E.g. <c>day</c>.</param>
/// <param name="ResetsAt">When the limit is whole again; null for a lifetime limit.</param>
public sealed record SpentLimit(
    string Source, decimal Amount, decimal Used, string Unit, string Window, DateTimeOffset? ResetsAt)
{
    /// <summary>Slugs that this org can call instead, best first.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}

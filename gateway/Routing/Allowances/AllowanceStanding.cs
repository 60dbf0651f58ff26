using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>Where an upstream's key stands with one of its limits, as this instance knows it.</summary>
/// <param name="Remaining">This instance's block and what it last saw in the ledger.</param>
/// <param name="ResetsAt">Null for what never comes again, and for requests at once.</param>
public sealed record AllowanceStanding(Limit Limit, long Remaining, DateTimeOffset? ResetsAt);

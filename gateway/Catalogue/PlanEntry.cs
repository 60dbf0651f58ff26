namespace Freeway.Gateway.Catalogue;

/// <summary>A plan in <c>catalogue.json</c> or in a preset; <c>docs/plans.md</c> says what each field means.</summary>
public sealed record PlanEntry
{
    public int? Version { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<SourceEntry?>? Sources { get; init; }

    public string? Billing { get; init; }

    public IReadOnlyList<string?>? Models { get; init; }

    public ConditionEntry? Eligible { get; init; }

    public IReadOnlyList<LimitEntry?>? Limits { get; init; }

    public IReadOnlyList<CapsEntry?>? Caps { get; init; }

    public IReadOnlyList<RateEntry?>? Rates { get; init; }

    public bool? ChargeRejected { get; init; }

    public string? Dialect { get; init; }

    public PurchasesEntry? Purchases { get; init; }
}

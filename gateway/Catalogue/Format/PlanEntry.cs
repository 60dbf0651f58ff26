namespace Freeway.Gateway.Catalogue.Format;

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

/// <summary>Bounds of a plan on the content of one request to some of its models; all of them where <see cref="Models"/> is left out.</summary>
public sealed record CapsEntry
{
    public IReadOnlyList<string?>? Models { get; init; }

    public long? OutputTokens { get; init; }

    public long? ContextTokens { get; init; }

    public bool? ImageInput { get; init; }

    public long? Images { get; init; }

    public IReadOnlyList<string?>? ImageSizes { get; init; }

    public long? ImageTokens { get; init; }
}

/// <summary>The billing rules of a plan, in USD.</summary>
/// <param name="LeastUsd">The smallest top-up that is taken.</param>
/// <param name="PremiumFromUsd">A single top-up of this makes the org premium.</param>
public sealed record PurchasesEntry(decimal? LeastUsd = null, decimal? PremiumFromUsd = null);

/// <summary>What some models take of compute units: per million input tokens, per million output tokens, per request. Left out is 0.</summary>
/// <param name="Models">All of the plan's where it is left out; never given at a model.</param>
public sealed record RateEntry(IReadOnlyList<string?>? Models = null, decimal? Input = null, decimal? Output = null, decimal? Request = null);

/// <summary>The published fact that a number comes from.</summary>
/// <param name="Date"><c>2026-01-31</c>, <c>2026-01</c>, <c>2026</c> or <c>undated</c>.</param>
public sealed record SourceEntry(string? Document, string? Date, string? Url, string? Fact);

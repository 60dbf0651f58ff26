namespace Freeway.Gateway.Catalogue.Format;

/// <summary>A plan in <c>catalogue.json</c> or in a preset; <c>docs/plans.md</c> says what each field means.</summary>
public sealed record PlanEntry
{
    public int? Version { get; init; }

    /// <summary>The plan that fills in what this one leaves out.</summary>
    public string? Extends { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<SourceEntry?>? Sources { get; init; }

    public string? Billing { get; init; }

    public IReadOnlyList<string?>? Models { get; init; }

    public ConditionEntry? Eligible { get; init; }

    public IReadOnlyList<LimitEntry?>? Limits { get; init; }

    public IReadOnlyList<CapsEntry?>? Caps { get; init; }

    public IReadOnlyList<RateEntry?>? Rates { get; init; }

    public bool? ChargeRejected { get; init; }

    /// <summary>Gets the weight of cached input in limits and gifts, in percent; null for 100.</summary>
    public int? CachedInputPercent { get; init; }

    /// <summary>Gets for how long answers may be stored, in seconds; null or 0 for no response cache.</summary>
    public int? CacheSeconds { get; init; }

    public string? Dialect { get; init; }

    public PurchasesEntry? Purchases { get; init; }

    /// <summary>Names of limits of the extended plan that this one does not have.</summary>
    public IReadOnlyList<string?>? WithoutLimits { get; init; }

    /// <summary>
    /// Fills in what this plan leaves out from the plan that it extends. Limits of one name are one limit, of which
    /// each field that is given counts; other lists count whole.
    /// </summary>
    internal PlanEntry Else(PlanEntry extended) => new()
    {
        Version = Version ?? extended.Version,
        Extends = Extends,
        Description = Description ?? extended.Description,
        Sources = [.. extended.Sources ?? [], .. Sources ?? []],
        Billing = Billing ?? extended.Billing,
        Models = Models ?? extended.Models,
        Eligible = Eligible ?? extended.Eligible,
        Limits = Adjusted(extended.Limits ?? []),
        Caps = Caps ?? extended.Caps,
        Rates = Rates ?? extended.Rates,
        ChargeRejected = ChargeRejected ?? extended.ChargeRejected,
        CachedInputPercent = CachedInputPercent ?? extended.CachedInputPercent,
        CacheSeconds = CacheSeconds ?? extended.CacheSeconds,
        Dialect = Dialect ?? extended.Dialect,
        Purchases = Purchases ?? extended.Purchases,
    };

    private IReadOnlyList<LimitEntry?> Adjusted(IReadOnlyList<LimitEntry?> extended)
    {
        var own = Limits ?? [];
        var kept = extended.Where(limit => WithoutLimits?.Contains(limit?.Name) is not true).ToList();
        var adjusted = kept.Select(limit => own.FirstOrDefault(other => IsSame(other, limit))?.Else(limit!) ?? limit);
        return [.. adjusted, .. own.Where(limit => !kept.Exists(other => IsSame(limit, other)))];

        static bool IsSame(LimitEntry? one, LimitEntry? other) => one?.Name is { } name && name == other?.Name;
    }
}

/// <summary>
/// Bounds of a plan on the content of one request to some of its models; all of them where <see cref="Models"/> is left
/// out.
/// </summary>
public sealed record CapsEntry
{
    public IReadOnlyList<string?>? Models { get; init; }

    public long? OutputTokens { get; init; }

    public long? ContextTokens { get; init; }

    public bool? ImageInput { get; init; }

    public long? Images { get; init; }

    public IReadOnlyList<string?>? ImageSizes { get; init; }

    public long? ImageTokens { get; init; }

    /// <summary>The id of the published source that the bounds come from.</summary>
    public string? Source { get; init; }

    /// <summary>The day on which the source was last seen to say so.</summary>
    public string? VerifiedOn { get; init; }
}

/// <summary>The billing rules of a plan, in USD.</summary>
/// <param name="LeastUsd">The smallest top-up that is taken.</param>
/// <param name="PremiumFromUsd">A single top-up of this makes the org premium.</param>
/// <param name="Source">The id of the published source that the amounts come from.</param>
/// <param name="VerifiedOn">The day on which the source was last seen to say so.</param>
public sealed record PurchasesEntry(
    decimal? LeastUsd = null, decimal? PremiumFromUsd = null, string? Source = null, string? VerifiedOn = null);

/// <summary>
/// Represents the compute units that some models take: per million input tokens, per million output tokens and per
/// request. A number that is left out is 0.
/// </summary>
/// <param name="Models">All of the plan's where it is left out; never given at a model.</param>
/// <param name="Source">The id of the published source that the rate comes from.</param>
/// <param name="VerifiedOn">The day on which the source was last seen to say so.</param>
public sealed record RateEntry(
    IReadOnlyList<string?>? Models = null,
    decimal? Input = null,
    decimal? Output = null,
    decimal? Request = null,
    string? Source = null,
    string? VerifiedOn = null);

/// <summary>The published fact that a number comes from.</summary>
/// <param name="Id">The word by which the numbers of the file name it; null where none does.</param>
/// <param name="Date">The document's: <c>2026-01-31</c>, <c>2026-01</c>, <c>2026</c> or <c>undated</c>.</param>
public sealed record SourceEntry(string? Document, string? Date, string? Url, string? Fact, string? Id = null);

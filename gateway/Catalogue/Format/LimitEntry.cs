namespace Freeway.Gateway.Catalogue.Format;

/// <summary>A limit of a plan; words are in snake case: <c>org_model</c>, <c>day</c>. Amounts are decimals in the unit as callers see it.</summary>
public sealed record LimitEntry
{
    public string? Name { get; init; }

    public string? Unit { get; init; }

    public decimal? Amount { get; init; }

    /// <summary>The setting that overrules the amount; without an amount it must be set.</summary>
    public string? AmountSetting { get; init; }

    /// <summary>The most that the setting may say.</summary>
    public decimal? AtMost { get; init; }

    public string? Window { get; init; }

    public string? Scope { get; init; }

    public IReadOnlyList<string?>? Models { get; init; }

    public ConditionEntry? When { get; init; }

    public IReadOnlyList<AmountEntry?>? Amounts { get; init; }

    public IReadOnlyList<string?>? Overflow { get; init; }
}

/// <summary>Another amount of a limit, for orgs of a kind.</summary>
public sealed record AmountEntry(ConditionEntry? When, decimal? Amount = null, string? AmountSetting = null);

/// <summary>What an org must be; what is left out is not asked.</summary>
public sealed record ConditionEntry(
    bool? Premium = null, bool? PhoneVerified = null, bool? NeverPaid = null, decimal? PurchasedAtLeastUsd = null, string? UserTier = null);

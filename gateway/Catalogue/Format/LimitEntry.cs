namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// A limit of a plan; words are in snake case: <c>org_model</c>, <c>day</c>. Amounts are decimals in the unit as
/// callers see it.
/// </summary>
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

    /// <summary>The IANA name of the zone whose days or months the window follows; UTC where it is left out.</summary>
    public string? TimeZone { get; init; }

    public string? Scope { get; init; }

    public IReadOnlyList<string?>? Models { get; init; }

    public ConditionEntry? When { get; init; }

    public IReadOnlyList<AmountEntry?>? Amounts { get; init; }

    public IReadOnlyList<string?>? Overflow { get; init; }

    /// <summary>The id of the published source that its amount comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The day or month in which the source was last seen to say so, e.g. <c>2026-08-31</c>.</summary>
    public string? VerifiedOn { get; init; }

    /// <summary>A remark for people, e.g. where sources disagree.</summary>
    public string? Note { get; init; }

    /// <summary>Fills in what this limit leaves out from the limit that it adjusts.</summary>
    internal LimitEntry Else(LimitEntry adjusted) => new()
    {
        Name = Name ?? adjusted.Name,
        Unit = Unit ?? adjusted.Unit,
        Amount = Amount ?? adjusted.Amount,
        AmountSetting = AmountSetting ?? adjusted.AmountSetting,
        AtMost = AtMost ?? adjusted.AtMost,
        Window = Window ?? adjusted.Window,
        TimeZone = TimeZone ?? adjusted.TimeZone,
        Scope = Scope ?? adjusted.Scope,
        Models = Models ?? adjusted.Models,
        When = When ?? adjusted.When,
        Amounts = Amounts ?? adjusted.Amounts,
        Overflow = Overflow ?? adjusted.Overflow,
        Note = Note ?? adjusted.Note,

        // An amount of one's own is not what the source says.
        Source = Source ?? (Amount is null ? adjusted.Source : null),
        VerifiedOn = VerifiedOn ?? (Amount is null ? adjusted.VerifiedOn : null),
    };
}

/// <summary>Another amount of a limit, for orgs of a kind.</summary>
public sealed record AmountEntry(ConditionEntry? When, decimal? Amount = null, string? AmountSetting = null);

/// <summary>A condition that an organisation must meet; fields that are left out ask nothing.</summary>
public sealed record ConditionEntry(
    bool? Premium = null, bool? PhoneVerified = null, bool? NeverPaid = null, decimal? PurchasedAtLeastUsd = null, string? UserTier = null);

namespace Freeway.Gateway.Catalogue;

/// <summary>Another amount of a limit, for orgs of a kind.</summary>
public sealed record AmountEntry(ConditionEntry? When, decimal? Amount = null, string? AmountSetting = null);

namespace Freeway.Gateway.Views;

/// <summary>What one key used on this UTC day and in this calendar month, as far as the activity has it.</summary>
public sealed record KeyUsage(UsageCard Today, UsageCard ThisMonth);

namespace Freeway.Bicep.Tests.Page;

/// <summary>One line of the page.</summary>
internal sealed record SettingEntry(string Name, string Meaning, string Default, string Bounds, string OnAzure);

namespace Freeway.Gateway.Views;

/// <summary>A preset that comes with the program.</summary>
/// <param name="Name">As a catalogue names it.</param>
/// <param name="Kind"><c>plans</c> or <c>upstream</c>.</param>
/// <param name="Plans">Those that it brings; none for an upstream's.</param>
/// <param name="Used">Whether the active catalogue uses it.</param>
public sealed record PresetCard(string Name, string Kind, string? Description, IReadOnlyList<string> Plans, bool Used);

namespace Freeway.Gateway.Views;

/// <summary>What a catalogue page needs for its Free badge.</summary>
/// <param name="Slug">What to call for free use; null where it is not enabled.</param>
/// <param name="Limits">What the calling key has left.</param>
public sealed record FreeBadge(bool Enabled, string? Slug, IReadOnlyList<QuotaCard> Limits, string? Plan, bool Eligible);

namespace Freeway.Gateway.Views;

/// <summary>What a catalogue page needs for its Free badge.</summary>
/// <param name="Slug">What to call for free use; null where it is not enabled.</param>
/// <param name="Limits">What the calling key has left.</param>
/// <param name="Eligible">Whether the calling key may use it.</param>
public sealed record FreeBadge(bool Enabled, string? Slug, IReadOnlyList<QuotaCard> Limits, string? Plan, bool Eligible)
{
    /// <summary>What would make the caller eligible.</summary>
    public string? Reason { get; init; }
}

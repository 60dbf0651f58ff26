namespace Freeway.Gateway.ActivityLog;

/// <summary>Which records to read. All filters must match.</summary>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">From the page before, or null.</param>
/// <param name="From">The earliest time, inclusive.</param>
/// <param name="To">The latest time, exclusive.</param>
public sealed record ActivityQuery(int Limit = 100, string? Cursor = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public string? Model { get; init; }

    public string? Tier { get; init; }

    public string? Key { get; init; }

    public int? Status { get; init; }
}

namespace Freeway.Gateway.ActivityLog;

/// <summary>How many rows of the activity went.</summary>
public sealed record PurgedRows(long Records, long Refusals, long Sums)
{
    public static PurgedRows None { get; } = new(0, 0, 0);

    public static PurgedRows operator +(PurgedRows one, PurgedRows other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(one.Records + other.Records, one.Refusals + other.Refusals, one.Sums + other.Sums);
    }
}

using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Ledger;

/// <summary>A quota entity as it is stored. A row whose window is past reads as zero: that is the reset.</summary>
/// <param name="Limit">The amount that the plan allowed when the row was last written; for readers, never for decisions.</param>
/// <param name="Used">Settled use in this window; it never falls within one.</param>
/// <param name="Reserved">Held by requests that are still open.</param>
/// <param name="ETag">Null while the row does not exist.</param>
public sealed record QuotaRow(QuotaKey Key, LimitUnit Unit, WindowSpan Window, long Limit, long Used, long Reserved, string? ETag)
{
    /// <summary>The row as it counts at <paramref name="now"/>: the same, or whole again in a later window.</summary>
    public QuotaRow Roll(LimitWindow window, DateTimeOffset now)
    {
        var span = WindowSpan.At(window, now, Window);
        return span.Id == Window.Id ? this : this with { Window = span, Used = 0, Reserved = 0 };
    }

    /// <summary>A row that nobody has written yet.</summary>
    public static QuotaRow Absent(QuotaKey key) => new(key, default, default, 0, 0, 0, null);
}

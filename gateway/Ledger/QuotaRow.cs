using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>Holds a quota as it is stored. A row whose window is past reads as zero: that is the reset.</summary>
/// <param name="Limit">
/// The amount that the plan allowed when the row was last written, for readers, never for decisions; in the account's
/// row what was bought, which only purchases change.
/// </param>
/// <param name="Used">Settled use in this window; it never falls within one.</param>
/// <param name="Reserved">What requests hold that are still open.</param>
/// <param name="ETag">Null while the row does not exist.</param>
public sealed record QuotaRow(
    QuotaKey Key, LimitUnit Unit, WindowSpan Window, long Limit, long Used, long Reserved, string? ETag)
{
    /// <summary>
    /// The time that an idle row is kept: whatever was sent of it has landed by then, and no request of its last window
    /// is under way. A row that is deleted must not come back.
    /// </summary>
    private static readonly TimeSpan KeptIdle = TimeSpan.FromDays(2);

    /// <summary>The leases of a limit on requests at once; <see cref="Reserved"/> is their number.</summary>
    public ConcurrencyLeases Leases { get; init; } = ConcurrencyLeases.None;

    /// <summary>
    /// Gets what was left of the window before this one, for requests that were admitted in it and have not settled
    /// yet; null where there is none, and in units that no gift counts.
    /// </summary>
    public PastWindow? Past { get; init; }

    /// <summary>
    /// The highest threshold that was noted in this window, in percent of the limit; 0 for none.
    /// </summary>
    public int Noticed { get; init; }

    /// <summary>
    /// Gets the time from which the row of an end user may be deleted: long after all that it counts is over. Null for
    /// rows that stay.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A row that nobody has written yet.</summary>
    public static QuotaRow Absent(QuotaKey key) => new(key, default, default, 0, 0, 0, null);

    /// <summary>
    /// The row as it counts at <paramref name="now"/>: unchanged, or whole again in a later window, and without expired
    /// leases.
    /// </summary>
    public QuotaRow Roll(Limit limit, DateTimeOffset now) => Roll(limit.Window, now, limit.Zone);

    /// <summary>The row as it counts at <paramref name="now"/> in windows of a kind.</summary>
    /// <param name="zone">The zone whose days and months count; null for UTC.</param>
    public QuotaRow Roll(LimitWindow window, DateTimeOffset now, TimeZoneInfo? zone = null)
    {
        var span = WindowSpan.At(window, now, Window, zone);
        if (span.Id != Window.Id)
        {
            return this with { Window = span, Used = 0, Reserved = 0, Leases = ConcurrencyLeases.None, Past = Remains(), Noticed = 0 };
        }

        var left = Leases.At(now);
        return left == Leases ? this : this with { Leases = left, Reserved = left.Count };
    }

    /// <summary>The row with an amount held, and the hold.</summary>
    public (QuotaRow Row, Hold Hold) Reserve(Limit limit, long amount, DateTimeOffset now, TimeSpan leaseLasts)
    {
        var rolled = Roll(limit, now);
        var row = rolled with
        {
            Unit = limit.Unit,
            Limit = Key.Source is Account.Source ? rolled.Limit : limit.Amount,
            ExpiresAt = Key.IsOfEndUser ? Expires(rolled, now + leaseLasts) : null,
        };
        if (limit.Unit is LimitUnit.ConcurrentRequests && amount > 0)
        {
            var lease = ConcurrencyLeases.Name(now + leaseLasts);
            var leases = row.Leases.With(lease);
            return (row with { Leases = leases, Reserved = leases.Count }, new Hold(Key, lease, 1));
        }

        return (row with { Reserved = row.Reserved + amount }, new Hold(Key, row.Window.Id, amount));
    }

    /// <summary>
    /// Tells whether the row knows of the hold: its window has not passed, or is the one before the row's; its lease
    /// has not expired.
    /// </summary>
    public bool Includes(Hold hold) => Window.Id == hold.Window || IsOfPast(hold) || Leases.Contains(hold.Window);

    /// <summary>
    /// Finds what nobody holds or has used of the window in which a hold was taken; 0 where the row no longer knows.
    /// </summary>
    /// <param name="bound">The limit of the row.</param>
    public long LeftBeside(Hold hold, BoundLimit bound) =>
        Window.Id == hold.Window || Leases.Contains(hold.Window) ? QuotaState.Of(bound, this).Remaining
        : IsOfPast(hold) ? Math.Max(0, Past!.Value.Left)
        : 0;

    /// <summary>The row with the use instead of the hold. Call it only for a hold that the row includes.</summary>
    public QuotaRow Settle(Hold hold, long used)
    {
        if (IsOfPast(hold))
        {
            return this with { Past = Past!.Value with { Left = Past.Value.Left + hold.Amount - used } };
        }

        if (Leases.Contains(hold.Window))
        {
            var left = Leases.Without(hold.Window);
            return this with { Leases = left, Reserved = left.Count };
        }

        var sum = Used > long.MaxValue - used ? long.MaxValue : Used + used;
        return this with { Reserved = Math.Max(0, Reserved - hold.Amount), Used = sum };
    }

    /// <summary>The end of the window, or of the lease where there is no window, and then two days.</summary>
    private static DateTimeOffset Expires(QuotaRow row, DateTimeOffset leaseEnds)
    {
        var expires = (row.Window.ResetsAt ?? leaseEnds) + KeptIdle;
        return row.ExpiresAt > expires ? row.ExpiresAt.Value : expires;
    }

    private bool IsOfPast(Hold hold) => Past is { } past && past.Window == hold.Window;

    /// <summary>Makes the rest of the row's window, as it passes; null for units that no gift counts.</summary>
    private PastWindow? Remains() => Window.Id is not null && Unit is LimitUnit.Tokens or LimitUnit.NanoDollars
        ? new PastWindow(Window.Id, Limit - Used - Reserved)
        : null;
}

/// <summary>
/// Holds what was left of a window when it passed. A request that was admitted in it draws its gift from this rest, and
/// not from the window that has begun since.
/// </summary>
/// <param name="Window">The window's id, e.g. <c>2026-05-29</c>.</param>
/// <param name="Left">What nobody holds or has used; below 0 where more was used than the limit allows.</param>
public readonly record struct PastWindow(string Window, long Left);

/// <summary>Names one quota entity of an org: a limit and the subject that it counts for.</summary>
/// <param name="Source">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Subject">A model id, a key id, the hash of an end user, one of these and a model, or <c>*</c>.</param>
public readonly record struct QuotaKey(string Source, string Subject)
{
    /// <summary>
    /// Gets whether the row counts for one end user: there may be a million such rows, which are never listed, and are
    /// deleted when they are idle.
    /// </summary>
    public bool IsOfEndUser => EndUserId.IsSubject(Subject);
}

/// <summary>Says what an open request holds of one quota.</summary>
/// <param name="Window">
/// The window that it was taken from; for a limit on requests at once the name of the lease.
/// </param>
public sealed record Hold(QuotaKey Quota, string Window, long Amount);

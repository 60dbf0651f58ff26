using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Holds a block of one window of a limit. It is spent without a storage operation, and never in a later window.
/// </summary>
/// <remarks>
/// The ledger's row has the block under <c>Reserved</c>; what was spent of it moves to <c>Used</c> with the next draft:
/// <code>
///   row:    |■■■■ Used ■■■■|▒▒▒▒▒▒▒▒▒▒ Reserved ▒▒▒▒▒▒▒▒▒▒|          grantable          |
///   block:                 | spent | held | remaining |  returning |  other instances' blocks are in Reserved, too
/// </code>
/// <c>Used + Reserved</c> never says less than what this instance may still use, whatever becomes of a transaction.
/// </remarks>
internal sealed class BlockPool(BoundLimit bound) : QuotaLeasePool(bound)
{
    private WindowSpan _window;

    /// <summary>
    /// The amount that remains of the block. Below zero where attempts used more than they had taken; the next draft
    /// pays it.
    /// </summary>
    private long _remaining;

    /// <summary>The amount that was spent of the block and is not in the row's <c>Used</c> yet.</summary>
    private long _spent;
    private long _returning;

    /// <summary>
    /// The most that is left by the upstream's own account; null where it said nothing in this window.
    /// </summary>
    private long? _ceiling;

    /// <summary>The amounts that the last draft changes once it is committed.</summary>
    private (long Spent, long Gained, long Returned) _drafted;

    /// <summary>The amount that the ledger had left beside all blocks when its row was last written here.</summary>
    private long _leftInLedger;

    public override bool IsScarce => _leftInLedger <= Math.Max(0, _remaining);

    public override long Remaining(DateTimeOffset now) => IsRunning(now) ? Math.Max(0, _remaining) : 0;

    public override Hold Take(long amount, DateTimeOffset now)
    {
        LastTakenAt = now;
        _remaining -= amount;
        _ceiling -= amount;
        return new Hold(Key, _window.Id, amount);
    }

    public override void Settle(Hold hold, long used)
    {
        // A hold of a window that has passed is gone with it.
        if (hold.Window == _window.Id)
        {
            _spent += used;
            _remaining += hold.Amount - used;
            _ceiling += hold.Amount - used;
        }
    }

    public override long Grantable(QuotaRow row, DateTimeOffset now)
    {
        Enter(row.Window);
        var belowCeiling = _ceiling is { } ceiling ? Math.Max(0, ceiling - Math.Max(0, _remaining)) : long.MaxValue;
        return Math.Min(LeftInRow(row), belowCeiling);
    }

    public override long OwnReserved(QuotaRow row) =>
        row.Window.Id == _window.Id ? Math.Min(row.Reserved, _spent + Math.Max(0, _remaining)) : 0;

    public override long Prefetch(long amount, long grantable, QuotaLeaseOptions options)
    {
        var attempts = Math.Max(1, options.MostAttempts);
        var wanted = amount > long.MaxValue / attempts ? long.MaxValue : amount * options.MostAttempts;
        return Math.Min(wanted, grantable / options.ShareOf);
    }

    public override QuotaRow Draft(QuotaRow row, long grant, DateTimeOffset now)
    {
        // 1. What the upstream says is gone counts as used, whoever used it.
        var gone = LeftInRow(row) - Grantable(row, now);

        // 2. What attempts used beyond what they had taken is leased after the fact.
        var debt = Math.Max(0, -_remaining);
        _drafted = (_spent, grant + debt, _returning);

        // 3. Spent amounts move from Reserved to Used, returned ones leave Reserved.
        var (used, reserved) = (row.Used + _spent + gone, row.Reserved + grant + debt - _spent - _returning);

        // 4. After a lost answer the same may be booked twice. The sum is what counts: what Reserved lacks, Used loses.
        (used, reserved) = reserved < 0 ? (Math.Max(0, used + reserved), 0) : (used, reserved);
        _leftInLedger = Bound.Limit.Amount - used - reserved;
        return row with { Unit = Bound.Limit.Unit, Limit = Bound.Limit.Amount, Used = used, Reserved = reserved };
    }

    public override void OnCommitted()
    {
        _spent -= _drafted.Spent;
        _remaining += _drafted.Gained;
        _returning -= _drafted.Returned;
        _drafted = default;
        HasReturns = _returning > 0;
    }

    public override void OnOutcomeUnknown()
    {
        (_returning, _drafted) = (0, default);
        HasReturns = false;
    }

    public override void MarkForReturn(DateTimeOffset now)
    {
        if (IsRunning(now))
        {
            _returning += Math.Max(0, _remaining);
            _remaining = Math.Min(0, _remaining);
            HasReturns |= _returning > 0 || _spent > 0;
        }
    }

    public override void Correct(long remaining, DateTimeOffset now)
    {
        if (!IsRunning(now))
        {
            return;
        }

        _ceiling = Math.Min(_ceiling ?? long.MaxValue, Math.Max(0, remaining));
        var excess = Math.Max(0, _remaining) - _ceiling.Value;
        if (excess > 0)
        {
            _remaining -= excess;
            _spent += excess;
        }
    }

    private bool IsRunning(DateTimeOffset now) =>
        _window.Id is not null && (_window.ResetsAt is not { } end || now < end);

    /// <summary>
    /// Computes what the row leaves of the limit, apart from what the upstream says, with the debt already paid.
    /// </summary>
    private long LeftInRow(QuotaRow row) =>
        Math.Max(0, Bound.Limit.Amount - row.Used - row.Reserved - Math.Max(0, -_remaining));

    /// <summary>Begins anew where the window is another than before: nothing of a block outlives its window.</summary>
    private void Enter(WindowSpan window)
    {
        if (window.Id != _window.Id)
        {
            (_remaining, _spent, _returning, _ceiling, _drafted) = (0, 0, 0, null, default);
            HasReturns = false;
        }

        _window = window;
    }
}

using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// A block of one window of a limit: spent here without a storage operation, never in a later window. The ledger's row
/// has the block under <c>Reserved</c>; what of it was spent moves to <c>Used</c> with the next draft. The sum of both
/// never says less than what this instance may still use, whatever becomes of a transaction.
/// </summary>
internal sealed class BlockPool(BoundLimit bound) : QuotaLeasePool(bound)
{
    private WindowSpan _window;

    /// <summary>Below zero where attempts used more than they had taken: the next draft pays it.</summary>
    private long _left;
    private long _spent;
    private long _returning;
    private long? _ceiling;
    private (long Spent, long Gained, long Returned) _drafted;

    /// <summary>What the ledger had beside the block when it was last written.</summary>
    private long _beside;

    public override bool IsScarce => _beside <= Math.Max(0, _left);

    public override long Left(DateTimeOffset now) => Runs(now) ? Math.Max(0, _left) : 0;

    public override Hold Take(long amount, DateTimeOffset now)
    {
        LastTaken = now;
        _left -= amount;
        _ceiling -= amount;
        return new Hold(Key, _window.Id, amount);
    }

    public override void Settle(Hold hold, long used)
    {
        if (hold.Window == _window.Id)
        {
            _spent += used;
            _left += hold.Amount - used;
            _ceiling += hold.Amount - used;
        }
    }

    public override long Room(QuotaRow row, DateTimeOffset now)
    {
        Enter(row.Window);
        return Math.Min(Uncorrected(row), _ceiling is { } ceiling ? Math.Max(0, ceiling - Math.Max(0, _left)) : long.MaxValue);
    }

    public override long Prefetch(long amount, long room, QuotaLeaseOptions options) =>
        Math.Min(amount > long.MaxValue / Math.Max(1, options.MostAttempts) ? long.MaxValue : amount * options.MostAttempts, room / options.ShareOf);

    public override QuotaRow Draft(QuotaRow row, long grant, DateTimeOffset now)
    {
        var gone = Uncorrected(row) - Room(row, now);
        var debt = Math.Max(0, -_left);
        _drafted = (_spent, grant + debt, _returning);
        var (used, reserved) = (row.Used + _spent + gone, row.Reserved + grant + debt - _spent - _returning);

        // After a lost answer the same may be booked twice; the sum is what counts.
        (used, reserved) = reserved < 0 ? (Math.Max(0, used + reserved), 0) : (used, reserved);
        _beside = Bound.Limit.Amount - used - reserved;
        return row with { Unit = Bound.Limit.Unit, Limit = Bound.Limit.Amount, Used = used, Reserved = reserved };
    }

    public override void Landed()
    {
        _spent -= _drafted.Spent;
        _left += _drafted.Gained;
        _returning -= _drafted.Returned;
        _drafted = default;
        Returns = _returning > 0;
    }

    public override void Lost()
    {
        (_returning, _drafted) = (0, default);
        Returns = false;
    }

    public override void Withdraw(DateTimeOffset now)
    {
        if (Runs(now))
        {
            _returning += Math.Max(0, _left);
            _left = Math.Min(0, _left);
            Returns |= _returning > 0 || _spent > 0;
        }
    }

    public override void Correct(long remaining, DateTimeOffset now)
    {
        if (!Runs(now))
        {
            return;
        }

        _ceiling = Math.Min(_ceiling ?? long.MaxValue, Math.Max(0, remaining));
        var excess = Math.Max(0, _left) - _ceiling.Value;
        if (excess > 0)
        {
            _left -= excess;
            _spent += excess;
        }
    }

    private bool Runs(DateTimeOffset now) => _window.Id is not null && (_window.ResetsAt is not { } end || now < end);

    private long Uncorrected(QuotaRow row) => Math.Max(0, Bound.Limit.Amount - row.Used - row.Reserved - Math.Max(0, -_left));

    private void Enter(WindowSpan window)
    {
        if (window.Id != _window.Id)
        {
            (_left, _spent, _returning, _ceiling, _drafted) = (0, 0, 0, null, default);
            Returns = false;
        }

        _window = window;
    }
}

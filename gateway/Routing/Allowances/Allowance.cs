using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>What one attempt may use of an upstream. It must be settled or given back, once; a second time does nothing.</summary>
public sealed class Allowance
{
    private readonly AllowancePartition _partition;
    private readonly IReadOnlyList<Take> _takes;
    private readonly IReadOnlyList<Hold> _holds;
    private int _ended;

    internal Allowance(AllowancePartition partition, IReadOnlyList<Take> takes, IReadOnlyList<Hold> holds) =>
        (_partition, _takes, _holds) = (partition, takes, holds);

    /// <summary>The upstream was reached: this is what the attempt used, by unit. Costs no storage operation.</summary>
    public void Settle(Func<LimitUnit, long> used)
    {
        if (Interlocked.Exchange(ref _ended, 1) is 0)
        {
            _partition.Settle(_holds, [.. _takes.Select(take => used(take.Bound.Limit.Unit))]);
        }
    }

    /// <summary>It was reached and did not say what was used: all that was taken counts.</summary>
    public void SettleWhole()
    {
        if (Interlocked.Exchange(ref _ended, 1) is 0)
        {
            _partition.Settle(_holds, [.. _holds.Select(hold => hold.Amount)]);
        }
    }

    /// <summary>The upstream was never reached: nothing counts.</summary>
    public void GiveBack()
    {
        if (Interlocked.Exchange(ref _ended, 1) is 0)
        {
            _partition.Settle(_holds, [.. _holds.Select(_ => 0L)]);
        }
    }
}

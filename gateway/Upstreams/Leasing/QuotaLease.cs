using System.Diagnostics.CodeAnalysis;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Lets one attempt use an upstream. It must be settled or given back, once; a second time does nothing. No way to end
/// it costs a storage operation.
/// </summary>
public sealed class QuotaLease
{
    private readonly QuotaLeasePartition _partition;
    private readonly IReadOnlyList<Claim> _claims;
    private readonly IReadOnlyList<Hold> _holds;
    private int _hasEnded;

    internal QuotaLease(QuotaLeasePartition partition, IReadOnlyList<Claim> claims, IReadOnlyList<Hold> holds) =>
        (_partition, _claims, _holds) = (partition, claims, holds);

    /// <summary>Books what the attempt used, by unit. Call it where the upstream was reached.</summary>
    public void Settle(Func<LimitUnit, long> used)
    {
        if (TryEnd())
        {
            _partition.Settle(_holds, [.. _claims.Select(claim => used(claim.Bound.Limit.Unit))]);
        }
    }

    /// <summary>
    /// Books all that was held. Call it where the upstream was reached and did not say what was used.
    /// </summary>
    public void SettleWhole()
    {
        if (TryEnd())
        {
            _partition.Settle(_holds, [.. _holds.Select(hold => hold.Amount)]);
        }
    }

    /// <summary>Books nothing. Call it where the upstream was never reached.</summary>
    public void GiveBack()
    {
        if (TryEnd())
        {
            _partition.Settle(_holds, [.. _holds.Select(_ => 0L)]);
        }
    }

    private bool TryEnd() => Interlocked.Exchange(ref _hasEnded, 1) is 0;
}

/// <summary>Holds an attempt's lease, or why there is none.</summary>
public readonly struct QuotaLeaseResult
{
    private readonly QuotaLease? _lease;
    private readonly QuotaLeaseShortage? _shortage;

    private QuotaLeaseResult(QuotaLease? lease, QuotaLeaseShortage? shortage) =>
        (_lease, _shortage) = (lease, shortage);

    public static implicit operator QuotaLeaseResult(QuotaLease lease) => new(lease, null);

    public static implicit operator QuotaLeaseResult(QuotaLeaseShortage shortage) => new(null, shortage);

    /// <summary>Returns true with the lease, or false with why there is none.</summary>
    public bool Granted(
        [NotNullWhen(true)] out QuotaLease? lease, [NotNullWhen(false)] out QuotaLeaseShortage? shortage)
    {
        (lease, shortage) = (_lease, _shortage);
        return _lease is not null;
    }
}

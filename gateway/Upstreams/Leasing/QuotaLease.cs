using System.Diagnostics.CodeAnalysis;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// What one attempt may use of an upstream. It must be settled or given back, once; a second time does nothing.
/// </summary>
public sealed class QuotaLease
{
    private readonly QuotaLeasePartition _partition;
    private readonly IReadOnlyList<Claim> _takes;
    private readonly IReadOnlyList<Hold> _holds;
    private int _ended;

    internal QuotaLease(QuotaLeasePartition partition, IReadOnlyList<Claim> takes, IReadOnlyList<Hold> holds) =>
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

/// <summary>An attempt's allowance, or why there is none.</summary>
public readonly struct QuotaLeaseResult
{
    private readonly QuotaLease? _allowance;
    private readonly QuotaLeaseShortage? _shortage;

    private QuotaLeaseResult(QuotaLease? allowance, QuotaLeaseShortage? shortage) => (_allowance, _shortage) = (allowance, shortage);

    public static implicit operator QuotaLeaseResult(QuotaLease allowance) => new(allowance, null);

    public static implicit operator QuotaLeaseResult(QuotaLeaseShortage shortage) => new(null, shortage);

    public bool Granted([NotNullWhen(true)] out QuotaLease? allowance, [NotNullWhen(false)] out QuotaLeaseShortage? shortage)
    {
        (allowance, shortage) = (_allowance, _shortage);
        return _allowance is not null;
    }
}

/// <summary>Why an upstream is not called now.</summary>
/// <param name="Limit">The limit that has too little left; null where the ledger does not answer, and nothing is sent
///     uncounted.</param>
/// <param name="Until">When it may have some again.</param>
public sealed record QuotaLeaseShortage(string? Limit, DateTimeOffset Until);

using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

/// <summary>One process's allowances and its way to the ledger.</summary>
internal sealed record AllowanceInstance(QuotaLeases Allowances, FaultyLedgerStore Way)
{
    /// <summary>One of each limit.</summary>
    public Task<QuotaLeaseResult> AskAsync(params BoundLimit[] limits) =>
        Allowances.TakeAsync(AllowanceWorld.Partition, [.. limits.Select(limit => new Claim(limit, 1))], CancellationToken.None);

    public Task<QuotaLeaseResult> AskAsync(BoundLimit limit, long amount) =>
        Allowances.TakeAsync(AllowanceWorld.Partition, [new Claim(limit, amount)], CancellationToken.None);

    public async Task<QuotaLease> TakeAsync(params BoundLimit[] limits)
    {
        (await AskAsync(limits)).Granted(out var allowance, out var shortage).ShouldBeTrue(shortage?.ToString());
        return allowance!;
    }

    public async Task<QuotaLeaseShortage> MissAsync(params BoundLimit[] limits)
    {
        (await AskAsync(limits)).Granted(out _, out var shortage).ShouldBeFalse();
        return shortage!;
    }

    /// <summary>Takes and settles until there is nothing more.</summary>
    public async Task<int> SpendAllAsync(params BoundLimit[] limits)
    {
        for (var spent = 0; ; spent++)
        {
            if (!(await AskAsync(limits)).Granted(out var allowance, out _))
            {
                return spent;
            }

            allowance.SettleWhole();
        }
    }
}

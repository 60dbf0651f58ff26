using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>
/// Computes how an org's limits stood when the day began. Limits of a day or less were whole, also where the day of
/// their time zone had begun before; so were the limits of end users, of whom no sums are kept. Longer ones had counted
/// what the ledger has now, less what was booked since; the account had what was bought until then.
/// </summary>
/// <param name="plans">Those that the day ran under, as far as is known.</param>
internal sealed class DayStart(string org, DateOnly day, PlanBook plans, RequestLedger ledger, IActivityStore activity, TimeProvider clock)
{
    private readonly DateTimeOffset _begins = new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    private IReadOnlyList<DailyUsage>? _since;
    private IReadOnlyList<Purchase>? _purchases;

    /// <summary>The purchases of the day, oldest first.</summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async Task<IReadOnlyList<Purchase>> PurchasesAsync(CancellationToken cancellation) =>
        [.. (await AllPurchasesAsync(cancellation)).Where(purchase => purchase.At >= _begins && purchase.At < _begins.AddDays(1))];

    /// <exception cref="IOException">A store is out of reach.</exception>
    public async ValueTask<QuotaRow> RowAsync(BoundLimit bound, CancellationToken cancellation)
    {
        var row = QuotaRow.Absent(new QuotaKey(bound.Source, bound.Subject)).Roll(bound.Limit, _begins);
        var isLong = bound.Limit.Window
            is LimitWindow.Week or LimitWindow.Month or LimitWindow.Rolling30Days or LimitWindow.Lifetime;
        if (!isLong || bound.Limit.Scope.IsOfEndUser())
        {
            return row;
        }

        var now = (await ledger.ReadAsync(org, [bound], cancellation))[0];
        var since = await SinceAsync(bound, cancellation);
        if (bound.Source is Account.Source)
        {
            var bought = (await AllPurchasesAsync(cancellation)).Where(purchase => purchase.At < _begins).Sum(purchase => purchase.Nanos);
            return row with { Limit = bought, Used = Math.Max(0, now.Used - since) };
        }

        // A window that has begun since had counted nothing of it.
        var same = bound.Limit.Window is LimitWindow.Lifetime || now.Window.Id == row.Window.Id || (bound.Limit.Window is LimitWindow.Rolling30Days && now.Window.ResetsAt - TimeSpan.FromDays(30) <= _begins);
        return same ? row with { Window = now.Window, Used = Math.Max(0, now.Used - since) } : row;
    }

    /// <summary>Adds up what was booked of a limit from the day on, as far as the sums of days tell it.</summary>
    private async Task<long> SinceAsync(BoundLimit bound, CancellationToken cancellation)
    {
        _since ??= await ReadSinceAsync(cancellation);
        return _since.Where(sum => Counts(bound, sum)).Sum(sum => bound.Limit.Unit switch
        {
            LimitUnit.Requests => sum.Requests,
            LimitUnit.Tokens => Limit(bound)?.Overflow.Contains(Identity.Overflow.Bill) is true ? sum.GiftedTokens : sum.TotalTokens,
            LimitUnit.InputTokens => sum.PromptTokens,
            LimitUnit.OutputTokens => sum.CompletionTokens,
            LimitUnit.NanoDollars => sum.CostNanos,
            LimitUnit.Images => sum.Images,
            LimitUnit.Characters => sum.Characters,
            LimitUnit.Seconds => sum.Seconds,
            LimitUnit.MicroUnits or LimitUnit.ConcurrentRequests or LimitUnit.EndUserRows => 0,
        });
    }

    private bool Counts(BoundLimit bound, DailyUsage sum) => IsOfPlan(bound, sum) && bound.Limit.Scope switch
    {
        LimitScope.OrgModel => sum.Model == bound.Subject,
        LimitScope.Key => sum.Key == bound.Subject,
        LimitScope.KeyModel => $"{sum.Key} {sum.Model}" == bound.Subject,
        _ => true,
    };

    /// <summary>
    /// A free plan's limits count what was free, others what was given or paid; what no plan has, e.g. a ceiling,
    /// counts all.
    /// </summary>
    private bool IsOfPlan(BoundLimit bound, DailyUsage sum) =>
        Limit(bound) is not { } limit || (limit.Models.Contains(sum.Model) && (PlanOf(bound)!.Billing is Billing.Free) == (sum.Tier is "free"));

    private PlanLimit? Limit(BoundLimit bound) => PlanOf(bound)?.Limits.FirstOrDefault(limit => limit.Limit.Name == bound.Limit.Name);

    private Plan? PlanOf(BoundLimit bound) => bound.Source.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? plans.Find(bound.Source[..dot]) : null;

    private async Task<IReadOnlyList<DailyUsage>> ReadSinceAsync(CancellationToken cancellation)
    {
        var sums = new List<DailyUsage>();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        for (var month = day.AddDays(1 - day.Day); month <= today; month = month.AddMonths(1))
        {
            sums.AddRange((await activity.SumsOfMonthAsync(org, month, null, cancellation)).Where(sum => sum.Day >= day));
        }

        return sums;
    }

    private async Task<IReadOnlyList<Purchase>> AllPurchasesAsync(CancellationToken cancellation) =>
        _purchases ??= await ledger.ListPurchasesAsync(org, cancellation);
}

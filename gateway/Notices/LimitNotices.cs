using System.Text.Json.Nodes;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Makes notices of the thresholds that records say they reached. The ledger has put each into one record, in
/// the transaction that reached it, and the record comes here until its notices are kept.
/// </summary>
public sealed class LimitNotices(NoticeOutbox outbox, Webhooks webhooks, CurrentCatalogue current) : IRecordListener
{
    public async Task ReceivedAsync(IReadOnlyList<ActivityRecord> records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        var reached = records.SelectMany(record => record.Reached ?? [], (record, one) => (record, one)).ToList();
        if (reached.Count is 0)
        {
            return;
        }

        // They are all of one organisation. Where nobody listens it costs two reads, and nothing more.
        var listeners = await webhooks.ListenersAsync(reached[0].record.Org, cancellation);
        foreach (var (record, one) in listeners.Count is 0 ? [] : reached)
        {
            await outbox.AddAsync(await DraftAsync(record, one, cancellation), listeners, cancellation);
        }
    }

    private async Task<NoticeDraft> DraftAsync(ActivityRecord record, ReachedLimit reached, CancellationToken cancellation)
    {
        var unit = WireNames.Of<LimitUnit>().Find(reached.Unit) ?? LimitUnit.Requests;
        if (reached.Limit is Account.Source)
        {
            // What was bought names the time between two top-ups: in each the credit is low once.
            return new NoticeDraft(NoticeType.CreditLow, $"{record.Org}\n{reached.Amount}", record.Org, record.Time, new JsonObject
            {
                ["left_usd"] = Money.Format(reached.Amount - reached.Used),
                ["bought_usd"] = Money.Format(reached.Amount),
                ["spent_usd"] = Money.Format(reached.Used),
            });
        }

        var key = $"{record.Org}\n{reached.Limit}\n{reached.Subject}\n{reached.Window}\n{reached.Percent}";
        return new NoticeDraft(await TypeAsync(reached.Limit, cancellation), key, record.Org, record.Time, new JsonObject
        {
            ["limit"] = reached.Limit,
            ["subject"] = reached.Subject,
            ["percent"] = reached.Percent,
            ["unit"] = reached.Unit,
            ["window"] = reached.Window,
            ["amount"] = unit.Shown(reached.Amount),
            ["used"] = unit.Shown(reached.Used),
            ["resets_at"] = reached.ResetsAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : null,
        });
    }

    /// <summary>A gift is a limit that bills what goes beyond it; a limit that is gone since counts as a limit.</summary>
    private async Task<NoticeType> TypeAsync(string source, CancellationToken cancellation)
    {
        if (Account.Pays(source))
        {
            return NoticeType.CeilingReached;
        }

        var plans = await current.TakePlansAsync(cancellation);
        var limit = plans.All.SelectMany(plan => plan.Limits, (plan, limit) => (Source: $"{plan.Name}.{limit.Limit.Name}", limit.Overflow))
            .FirstOrDefault(each => each.Source == source);
        return limit.Overflow?.Contains(Overflow.Bill) is true ? NoticeType.GiftReached : NoticeType.LimitReached;
    }
}

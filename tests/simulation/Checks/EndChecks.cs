using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;
using Freeway.Tests.Simulation.Ports;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>What must be the case once everything is at rest.</summary>
internal static class EndChecks
{
    /// <summary>What a read takes at most until it is remembered, and clocks are apart.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    public static void Run(SimWorld world, Action<string> violated)
    {
        var records = world.Orgs.Keys.SelectMany(org => RecordsOf(world, org)).ToLookup(record => record.Id, StringComparer.Ordinal);
        foreach (var request in world.Requests)
        {
            var (id, count) = (request.Exchange.RequestId, records[request.Exchange.RequestId].Count());
            if (count > 1)
            {
                violated($"{id} ({request}) has {count} records");
            }

            // Of several models the caller is told of the one that can serve first, and the record of the one that failed last.
            var mayBeToldOfAnother = request.Exchange.NamesSeveral && records[id].All(IsFailureForNothing);
            if (request.WasToldNothing && !mayBeToldOfAnother && !world.MayBeLostInLedger(id) && (count > 0 || world.Model.WasRecorded(id)))
            {
                violated($"{id} was {request} and has a record");
            }

            var answered = request is { Ended: true, HasLeft: false } && request.Exchange is { Refusal: null, IsReplay: false } && request.Error is null;
            // A record on its way may be lost with the power; with commits that wait for the disk the ledger knows of it.
            if (answered && count is 0 && (!world.MayBeLost(id) || (world.Plan.Synced && !world.Model.WasRecorded(id))))
            {
                violated($"{id} was {request} and has no record");
            }

            if (request.Error is { } error)
            {
                violated($"{id} ended with an exception: {error}");
            }

            if ((count > 0) != world.Model.WasRecorded(id) && !world.MayBeLost(id))
            {
                violated($"{id} ({request}) has {count} records and was {(world.Model.WasRecorded(id) ? "" : "not ")}finished in the ledger");
            }
        }

        CheckRefusals(world, violated);
        CheckStatuses(world, records, violated);
        CheckRepeats(world, records, violated);
        CheckRows(world, records, violated);
        CheckCounts(world, violated);
        CheckEndUsers(world, records, violated);
        CheckNotices(world, records, violated);
    }

    /// <summary>Nobody is refused for a limit that had something left, or for a request that was over.</summary>
    private static void CheckRefusals(SimWorld world, Action<string> violated)
    {
        foreach (var request in world.Requests.Where(request => request is { Ended: true, Exchange.Refusal: not null }))
        {
            var (refusal, from, to) = (request.Exchange.Refusal!, request.SentAt, request.EndedAt!.Value);
            var (open, settled) = (world.LedgerOptions.OpenRefusalAge + Slack, world.LedgerOptions.SettledRefusalAge + Slack);
            if (refusal.Limit is { Unit: "requests" or "concurrent_requests" or "end_user_rows" } spent
                && !world.Quotas.WasSpent(request.Org, spent.Source, from - open, from - settled, to))
            {
                violated($"{request.Exchange.RequestId} was {request} by {spent.Source}, which had something left");
            }

            if (refusal is { Code: RefusalCode.RequestInProgress, RepeatOf: { } first } && world.Model.FinishedAt(first) < from - Slack)
            {
                violated($"{request.Exchange.RequestId} was told that {first} is under way, which was over");
            }
        }
    }

    /// <summary>
    /// Who was told how an admitted request ended, by a whole answer or by its failure, has a record of the same status, unless
    /// its instance was taken for dead.
    /// </summary>
    private static void CheckStatuses(SimWorld world, ILookup<string, ActivityRecord> records, Action<string> violated)
    {
        foreach (var request in world.Requests)
        {
            var id = request.Exchange.RequestId;
            if (request.ToldStatus is not { } told || records[id].FirstOrDefault() is not { } record || world.Model.WasTakenForDead(id) || world.MayBeLostInLedger(id))
            {
                continue;
            }

            var isOfAnotherModel = request.Exchange.NamesSeveral && told >= 500 && IsFailureForNothing(record);
            if (record.Status != told && !isOfAnotherModel)
            {
                violated($"{id} was {request} with {told} and is recorded as {record.Status} {record.ErrorCode}");
            }
        }
    }

    private static bool IsFailureForNothing(ActivityRecord record) =>
        record is { Status: >= 500, CostNanos: 0, TotalTokens: 0 };

    /// <summary>
    /// No refusal is counted twice, and those that only the pipeline tells are all counted, but for what a killed instance had
    /// not written yet.
    /// </summary>
    private static void CheckCounts(SimWorld world, Action<string> violated)
    {
        foreach (var told in world.Requests.Select(request => request.Exchange.Refusal?.Code).OfType<RefusalCode>().CountBy(code => code))
        {
            var counted = world.Refusals.Total(told.Key.WireName());
            var isOfThePipeline = told.Key.IsQuota() || told.Key is RefusalCode.InsufficientCredits or RefusalCode.RequestInProgress or RefusalCode.FreeSlugNotEnabled;
            if (counted > told.Value || (isOfThePipeline && world is { Kills: 0, Stops: 0 } && counted < told.Value))
            {
                violated($"{told.Value} were refused as {told.Key}, and {counted} are counted");
            }
        }
    }

    /// <summary>One unit, one charge, one record for all that was sent under one Idempotency-Key.</summary>
    private static void CheckRepeats(SimWorld world, ILookup<string, ActivityRecord> records, Action<string> violated)
    {
        foreach (var sent in world.Requests.Where(request => request.IdempotencyKey is not null).GroupBy(request => request.IdempotencyKey))
        {
            var recorded = sent.Where(request => records[request.Exchange.RequestId].Any()).ToList();
            if (recorded.Count > 1 && !recorded.Exists(request => world.MayBeLostInLedger(request.Exchange.RequestId)))
            {
                violated($"Idempotency-Key {sent.Key} has {recorded.Count} records: {string.Join(", ", recorded.Select(request => request.Exchange.RequestId))}");
            }
        }
    }

    /// <summary>
    /// Each end user was served no more often in a day than its limit allows, by its records alone, which name it by
    /// its hash; and as many of their counters are there as were counted when they began.
    /// </summary>
    private static void CheckEndUsers(SimWorld world, ILookup<string, ActivityRecord> records, Action<string> violated)
    {
        foreach (var request in world.Requests)
        {
            var hash = request.Exchange.EndUser is { } user ? EndUserId.Of(request.Org, user, SimSaltStore.Salt).Hash : null;
            foreach (var record in records[request.Exchange.RequestId].Where(record => record.EndUser != hash))
            {
                violated($"{record.Id} is recorded for {record.EndUser}, not for {hash}");
            }

            if (hash is null && request.Exchange.Head?.Model is "sim/app")
            {
                violated($"{request.Exchange.RequestId} names no end user and was served by a plan that counts them");
            }
        }

        var served = records.Where(group => !world.MayBeLostInLedger(group.Key)).SelectMany(group => group)
            .SelectMany(record => record.Booked ?? [], (record, booked) => (record.Org, record.EndUser, booked))
            .Where(one => one.booked.Limit is SimCatalogue.EndUserSource)
            .GroupBy(one => (one.Org, one.EndUser, one.booked.Window), one => one.booked.Amount);
        foreach (var day in served.Where(day => day.Sum() > SimCatalogue.EndUserAmount))
        {
            violated($"{day.Key.EndUser} of {day.Key.Org} was served {day.Sum()} times on {day.Key.Window}");
        }

        foreach (var org in world.Orgs.Keys)
        {
            var (begun, counted) = (world.Model.Quotas.Count(quota => quota.Org == org && quota.Row.Key.IsOfEndUser), world.Model.BegunForEndUsers(org));
            if (begun != counted)
            {
                violated($"{org} has {begun} counters of end users, and {counted} were counted");
            }
        }
    }

    private static void CheckRows(SimWorld world, ILookup<string, ActivityRecord> records, Action<string> violated)
    {
        foreach (var (org, row) in world.Model.Quotas)
        {
            if (!world.Orgs.ContainsKey(org))
            {
                continue;
            }

            if (row.Unit is not LimitUnit.ConcurrentRequests && row.Reserved is not 0)
            {
                violated($"{row.Key.Source} of {org} still holds {row.Reserved}");
            }

            if (row.Unit is LimitUnit.ConcurrentRequests && row.Leases.At(world.Start + world.Scheduler.Now).Count > 0)
            {
                violated($"{row.Key.Source} of {org} still has leases {row.Leases.Text}");
            }

            if (row.Key.Source is Account.Source)
            {
                var certain = records.SelectMany(group => group).Where(record => record.Org == org && !world.MayBeLost(record.Id));
                // What the records of the others say may be lost; what was charged for them is still exact.
                var lost = world.Requests.Select(request => request.Exchange.RequestId).Where(world.MayBeLost);
                var charged = certain.Sum(record => record.CostNanos) + lost.Sum(id => world.Model.Charged(org, id));
                if (row.Used != charged || row.Used > row.Limit)
                {
                    violated($"the account of {org} spent {row.Used} of {row.Limit}, its records {charged}");
                }
            }
        }
    }

    /// <summary>
    /// What reached a threshold is in the records that were stored, each once in its window, and as far as each row says: so
    /// whoever makes notices of records makes each once.
    /// </summary>
    private static void CheckNotices(SimWorld world, ILookup<string, ActivityRecord> records, Action<string> violated)
    {
        if (world.HasLost)
        {
            // A threshold that was told with a lost record is not told again, and one that the ledger lost is.
            return;
        }

        var told = records.SelectMany(group => group)
            .SelectMany(record => record.Reached ?? [], (record, one) => (record.Org, one.Limit, one.Subject, one.Window, one.Percent, Bought: one.Limit is Account.Source ? one.Amount : 0))
            .CountBy(one => one).ToDictionary(one => one.Key, one => one.Value);
        foreach (var (one, count) in told.Where(one => one.Value > 1))
        {
            violated($"{one.Percent} % of {one.Limit} of {one.Org} in {one.Window} is told {count} times");
        }

        foreach (var (org, row) in world.Model.Quotas.Where(quota => world.Orgs.ContainsKey(quota.Org) && quota.Row.Noticed > 0))
        {
            var isTold = told.Keys.Any(one => one.Org == org && one.Limit == row.Key.Source && one.Subject == row.Key.Subject
                && one.Window == row.Window.Id && one.Percent == row.Noticed);
            if (!isTold)
            {
                violated($"{row.Key.Source} of {org} noticed {row.Noticed} % in {row.Window.Id}, and no stored record tells of it");
            }
        }
    }

    private static IReadOnlyList<ActivityRecord> RecordsOf(SimWorld world, string org) =>
        world.Activity.QueryAsync(org, new ActivityQuery { Limit = int.MaxValue - 1 }, default).GetAwaiter().GetResult().Records;
}

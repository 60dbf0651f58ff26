using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>What must be the case once everything is at rest.</summary>
internal static class EndChecks
{
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

            if (request.WasToldNothing && (count > 0 || world.Model.WasRecorded(id)))
            {
                violated($"{id} was {request} and has a record");
            }

            var answered = request is { Ended: true, HasLeft: false } && request.Exchange is { Refusal: null, IsReplay: false } && request.Error is null;
            if (answered && count is 0)
            {
                violated($"{id} was {request} and has no record");
            }

            if (request.Error is { } error)
            {
                violated($"{id} ended with an exception: {error}");
            }

            if ((count > 0) != world.Model.WasRecorded(id))
            {
                violated($"{id} ({request}) has {count} records and was {(world.Model.WasRecorded(id) ? "" : "not ")}finished in the ledger");
            }
        }

        CheckRepeats(world, records, violated);
        CheckRows(world, records, violated);
    }

    /// <summary>One unit, one charge, one record for all that was sent under one Idempotency-Key.</summary>
    private static void CheckRepeats(SimWorld world, ILookup<string, ActivityRecord> records, Action<string> violated)
    {
        foreach (var sent in world.Requests.Where(request => request.IdempotencyKey is not null).GroupBy(request => request.IdempotencyKey))
        {
            var recorded = sent.Where(request => records[request.Exchange.RequestId].Any()).ToList();
            if (recorded.Count > 1)
            {
                violated($"Idempotency-Key {sent.Key} has {recorded.Count} records: {string.Join(", ", recorded.Select(request => request.Exchange.RequestId))}");
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
                var charged = records.SelectMany(group => group).Where(record => record.Org == org).Sum(record => record.CostNanos);
                if (row.Used != charged || row.Used > row.Limit)
                {
                    violated($"the account of {org} spent {row.Used} of {row.Limit}, its records {charged}");
                }
            }
        }
    }

    private static IReadOnlyList<ActivityRecord> RecordsOf(SimWorld world, string org) =>
        world.Activity.QueryAsync(org, new ActivityQuery { Limit = int.MaxValue - 1 }, default).GetAwaiter().GetResult().Records;
}

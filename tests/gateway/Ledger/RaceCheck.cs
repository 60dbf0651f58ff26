using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Runs a race and holds everything against the audit's books.</summary>
internal static class RaceCheck
{
    private static readonly RefusalCode[] Expected =
    [
        RefusalCode.FreeQuotaExceeded, RefusalCode.FreeQuotaExhausted, RefusalCode.RequestExceedsLimit, RefusalCode.RateLimitExceeded, RefusalCode.ConcurrencyLimitExceeded, RefusalCode.InsufficientCredits, RefusalCode.TooManyEndUsers,
        RefusalCode.RequestInProgress, RefusalCode.AlreadyCompleted, RefusalCode.QuotaUnavailable,
        RefusalCode.OutcomeUnknown,
    ];

    public static async Task HoldsAsync(RaceScenario scenario)
    {
        var store = new InMemoryLedgerStore();
        var instances = new InMemoryInstanceStore();
        LedgerAudit audit = null!;
        using var race = new LedgerRace(
            scenario, _ => store, _ => instances, () => Task.CompletedTask, scenario.Faults, time => audit = new LedgerAudit(store, time));

        await race.RunAsync();

        audit.Errors.ShouldBeEmpty();
        race.Errors().ShouldBeEmpty();
        store.Requests(LedgerRace.Org).ShouldBeEmpty();
        instances.Registrations().ShouldBeEmpty();
        store.MostRows.ShouldBeLessThanOrEqualTo(100);
        race.Bought.ShouldAllBe(id => audit.WasBought(LedgerRace.Org, id));
        var rows = store.Quotas(LedgerRace.Org);
        foreach (var row in rows)
        {
            row.Reserved.ShouldBe(0, row.ToString());
            row.Leases.Count.ShouldBe(0, row.ToString());
            row.Used.ShouldBe(audit.Used(LedgerRace.Org, row.Key, row.Window.Id), row.ToString());
            row.Used.ShouldBeLessThanOrEqualTo(row.Limit + audit.Overshot(LedgerRace.Org, row.Key, row.Window.Id), row.ToString());
        }

        // Those of the day before have gone over into the new one.
        rows.Count(row => row.Key.IsOfEndUser).ShouldBeLessThanOrEqualTo((int)scenario.EndUserRowsPerDay * (scenario is { RollsOver: false, Kills: false } ? 1 : 2));
        race.Admitted.ShouldAllBe(id => audit.Finished(id) == 1);
        // Only who was told that nobody knows may find a record, and then one.
        race.Refused.ShouldAllBe(pair => audit.Finished(pair.Key) == 0 || audit.WasRevoked(pair.Key)
            || (pair.Value == RefusalCode.OutcomeUnknown && audit.Finished(pair.Key) == 1));
        if (scenario is { Skew.Ticks: 0, RollsOver: false })
        {
            race.Spent.ShouldAllBe(refusal =>
                audit.WasSpent(LedgerRace.Org, refusal, scenario.OpenRefusalAge, scenario.SettledRefusalAge));
        }

        race.Refused.Values.ShouldAllBe(code => Expected.Contains(code));
    }
}

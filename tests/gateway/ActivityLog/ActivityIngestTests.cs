using System.Text;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class ActivityIngestTests
{
    private readonly MemoryActivityStore _store = new();
    private readonly ActivityIngestOptions _options = new()
    {
        RenewEvery = TimeSpan.FromMilliseconds(10),
        LongestPause = TimeSpan.FromMilliseconds(5),
        Patience = TimeSpan.FromSeconds(30),
    };

    [Fact]
    public async Task Run_ReadableRecords_AreStoredThenCompleted()
    {
        var deliveries = Enumerable.Range(1, 20).Select(i => new ScriptedDelivery(Record(i, org: $"org{i % 3}"))).ToArray();

        await RunAsync(deliveries);

        deliveries.ShouldAllBe(delivery => delivery.Completed && delivery.SettledOnce);
        (await _store.ReadAllAsync("org1", new ActivityQuery())).Count.ShouldBe(7);
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("null", "null")]
    [InlineData("{", "cut")]
    [InlineData("""{"id":"r1","org":"acme"}""", "fields are missing")]
    [InlineData("""{"id":null,"time":"2026-05-29T12:00:00Z","org":"acme","key":"k","endpoint":"e","slug":"s","model":"m","tier":"free"}""", "null id")]
    [InlineData("""{"id":"","time":"2026-05-29T12:00:00Z","org":"acme","key":"k","endpoint":"e","slug":"s","model":"m","tier":"free"}""", "empty id")]
    [InlineData("""{"id":"r","time":"0001-01-01T00:00:00Z","org":"acme","key":"k","endpoint":"e","slug":"s","model":"m","tier":"free"}""", "no time")]
    public async Task Run_MessageThatIsNoRecord_IsPutAsideWithReasonAndTheRestStored(string body, string why)
    {
        var bad = new ScriptedDelivery("bad", Encoding.UTF8.GetBytes(body));
        var good = new ScriptedDelivery(Record(1));

        await RunAsync(bad, good);

        bad.Refused.ShouldNotBeNull(why).Reason.ShouldBe("UnreadableRecord");
        bad.Refused.Value.Description.ShouldNotBeNullOrWhiteSpace();
        bad.SettledOnce.ShouldBeTrue();
        good.Completed.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_RecordThatTheStoreWillNeverTake_IsPutAsideWithItsReason()
    {
        _store.Refuses = record => record.Id == Record(2).Id ? "no room" : null;
        var deliveries = new[] { 1, 2, 3 }.Select(i => new ScriptedDelivery(Record(i))).Append(new ScriptedDelivery(Record(2))).ToArray();

        await RunAsync(deliveries);

        deliveries[1].Refused.ShouldBe(("UnstorableRecord", "no room"));
        deliveries[3].Refused.ShouldBe(("UnstorableRecord", "no room"));
        deliveries[0].Completed.ShouldBeTrue();
        deliveries[2].Completed.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_GroupOfRecords_IsCompletedOnceAllAreStored_WhicheverOrgsTheyAreOf()
    {
        var group = Group(Record(1), Record(2, org: "other"), Record(3));

        await RunAsync(group, new ScriptedDelivery(Record(4)));

        group.Completed.ShouldBeTrue();
        group.SettledOnce.ShouldBeTrue();
        (await _store.ReadAllAsync("acme", new ActivityQuery())).Count.ShouldBe(3);
        (await _store.ReadAllAsync("other", new ActivityQuery())).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_GroupWithARecordThatCannotBeWritten_StoresTheOthersAndIsPutAsideOnce()
    {
        _store.Refuses = record => record.Id == Record(2).Id ? "no room" : null;
        byte[] unreadable = [.. "{\"id\":null}"u8];
        var both = new ScriptedDelivery(
            "both",
            ActivityJson.Group([ActivityJson.Write(Record(1)), unreadable, ActivityJson.Write(Record(3))]));
        var unstorable = Group(Record(2), Record(4));

        await RunAsync(both, unstorable);

        both.Refused.ShouldNotBeNull().Reason.ShouldBe("UnreadableRecord");
        unstorable.Refused.ShouldBe(("UnstorableRecord", $"{Record(2).Id}: no room"));
        both.SettledOnce.ShouldBeTrue();
        unstorable.SettledOnce.ShouldBeTrue();
        (await _store.ReadAllAsync("acme", new ActivityQuery())).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Run_GroupOneOrgOfWhichIsOutOfReach_StoresTheOthersAndGivesTheMessageBack()
    {
        _store.Outage = org => org is "stuck";
        _options.Patience = TimeSpan.FromMilliseconds(50);
        var group = Group(Record(1, org: "stuck"), Record(2));

        await RunAsync(group);

        group.Returned.ShouldBeTrue();
        group.SettledOnce.ShouldBeTrue();
        (await _store.ReadAllAsync("acme", new ActivityQuery())).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[1")]
    [InlineData("[1] 2")]
    public async Task Run_GroupThatIsNoArrayOfRecords_IsPutAside(string body)
    {
        var bad = new ScriptedDelivery("bad", Encoding.UTF8.GetBytes(body));

        await RunAsync(bad);

        bad.Refused.ShouldNotBeNull().Reason.ShouldBe("UnreadableRecord");
        bad.SettledOnce.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_StoreAwayForAWhile_KeepsTheLocksAndCompletes()
    {
        var delivery = new ScriptedDelivery(Record(1));
        _store.Outage = _ => delivery.Renewals < 3;

        await RunAsync(delivery);

        _store.Appends.ShouldBeGreaterThan(1);
        delivery.Completed.ShouldBeTrue();
        delivery.SettledOnce.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_StoreAwayForLongerThanPatience_GivesEveryMessageBack()
    {
        _store.Outage = _ => true;
        _options.Patience = TimeSpan.FromMilliseconds(50);
        var deliveries = Enumerable.Range(1, 40).Select(i => new ScriptedDelivery(Record(i, org: $"org{i}"))).ToArray();

        await RunAsync(deliveries);

        deliveries.ShouldAllBe(delivery => delivery.Returned && delivery.SettledOnce);
        _store.Appends.ShouldBeGreaterThanOrEqualTo(40);
    }

    [Fact]
    public void Options_AsTheyCome_FitTheHostAndTheQueue()
    {
        var (functionTimeout, lockDuration, deliveries) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), 10);
        var options = new ActivityIngestOptions();

        (options.Patience + options.LongestPause + TimeSpan.FromMinutes(1)).ShouldBeLessThan(functionTimeout);
        (2 * options.RenewEvery).ShouldBeLessThan(lockDuration);
        (deliveries * options.Patience).ShouldBeGreaterThan(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Run_OneOrgOutOfReach_HoldsUpNoOther()
    {
        var (stuck, free) = (new ScriptedDelivery(Record(1, org: "stuck")), new ScriptedDelivery(Record(2)));
        _store.Outage = org => org is "stuck" && !free.Completed;

        await RunAsync(stuck, free);

        free.Completed.ShouldBeTrue();
        stuck.Completed.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_HostShutsDownInAnOutage_GivesTheMessagesBackAtOnce()
    {
        _store.Outage = _ => true;
        var delivery = new ScriptedDelivery(Record(1));
        using var shutdown = new CancellationTokenSource();
        var run = Ingest().RunAsync([delivery], shutdown.Token);

        await shutdown.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run);
        delivery.Returned.ShouldBeTrue();
        delivery.SettledOnce.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_BrokerAwayWhenSettling_StillStoresEverything()
    {
        var deaf = Enumerable.Range(1, 3).Select(i => new ScriptedDelivery(Record(i).Id, ActivityJson.Write(Record(i))) { Deaf = true }).ToArray();

        await RunAsync(deaf);
        await RunAsync([.. Enumerable.Range(1, 3).Select(i => new ScriptedDelivery(Record(i)))]);

        (await _store.SumsAsync("acme", DateOnly.FromDateTime(Noon.UtcDateTime), default)).Sum(sum => sum.Requests).ShouldBe(3);
    }

    private static ScriptedDelivery Group(params ActivityRecord[] records) =>
        new("group", ActivityJson.Group([.. records.Select(record => (ReadOnlyMemory<byte>)ActivityJson.Write(record))]));

    private ActivityIngest Ingest() => new(_store, TimeProvider.System, _options, NullLogger<ActivityIngest>.Instance);

    private Task RunAsync(params ScriptedDelivery[] deliveries) => Ingest().RunAsync(deliveries, default);
}

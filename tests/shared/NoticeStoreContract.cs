using Freeway.Gateway.Notices;

namespace Freeway.Tests.Shared;

/// <summary>What every store of notices must do.</summary>
public abstract class NoticeStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An empty store.</summary>
    protected abstract INoticeStore NewStore();

    [Fact]
    public async Task Add_Again_IsTheSame()
    {
        var store = NewStore();

        (await store.AddAsync(Notice("ntc_1"), default)).ShouldBeTrue();
        (await store.AddAsync(Notice("ntc_1"), default)).ShouldBeFalse();
        var claimed = await store.ChangeAsync((await store.DueAsync(Noon, 10, default))[0] with { Status = NoticeStatus.Delivered, NextAt = null, EndedAt = Noon }, default);
        (await store.AddAsync(Notice("ntc_1"), default)).ShouldBeFalse();

        claimed.ShouldNotBeNull();
        (await store.ListAsync(new NoticeQuery(10, null, null, null), default)).Notices.ShouldHaveSingleItem().Status.ShouldBe(NoticeStatus.Delivered);
        (await store.DueAsync(Noon.AddDays(1), 10, default)).ShouldBeEmpty();
        (await store.NextDueAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task Add_ByManyAtOnce_IsDoneByOne()
    {
        var store = NewStore();

        var added = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.AddAsync(Notice("ntc_1"), default)));

        added.Count(one => one).ShouldBe(1);
    }

    [Fact]
    public async Task Due_IsWhatWaitsUntilThen_TheLongestInFront()
    {
        var store = NewStore();
        await store.AddAsync(Notice("ntc_1") with { NextAt = Noon.AddMinutes(2) }, default);
        await store.AddAsync(Notice("ntc_2") with { NextAt = Noon.AddMinutes(1) }, default);
        await store.AddAsync(Notice("ntc_3") with { NextAt = Noon.AddMinutes(9) }, default);

        (await store.DueAsync(Noon, 10, default)).ShouldBeEmpty();
        (await store.NextDueAsync(default)).ShouldBe(Noon.AddMinutes(1));
        (await store.DueAsync(Noon.AddMinutes(2), 10, default)).Select(one => one.Id).ShouldBe(["ntc_2", "ntc_1"]);
        (await store.DueAsync(Noon.AddMinutes(2), 1, default)).Select(one => one.Id).ShouldBe(["ntc_2"]);
    }

    [Fact]
    public async Task Change_OfWhatAnotherHasChanged_IsRefused()
    {
        var store = NewStore();
        await store.AddAsync(Notice("ntc_1"), default);
        var seen = (await store.DueAsync(Noon, 10, default))[0];

        var first = await store.ChangeAsync(seen with { Attempts = 1, NextAt = Noon.AddMinutes(1), Error = "no" }, default);
        var second = await store.ChangeAsync(seen with { Attempts = 1, NextAt = Noon.AddMinutes(1) }, default);

        (first, second).ShouldSatisfyAllConditions(both => both.first.ShouldNotBeNull(), both => both.second.ShouldBeNull());
        (await store.DueAsync(Noon, 10, default)).ShouldBeEmpty();
        (await store.DueAsync(Noon.AddMinutes(1), 10, default)).ShouldBe([first!]);
    }

    [Fact]
    public async Task List_IsNewestFirst_ByTargetAndStatus_InPages()
    {
        var store = NewStore();
        for (var i = 0; i < 5; i++)
        {
            await store.AddAsync(Notice($"ntc_{i}", i % 2 is 0 ? "acme" : "*", Noon.AddMinutes(i)), default);
        }

        var first = await store.ListAsync(new NoticeQuery(2, null, null, null), default);
        var second = await store.ListAsync(new NoticeQuery(2, null, null, first.Next), default);
        var last = await store.ListAsync(new NoticeQuery(2, null, null, second.Next), default);

        first.Notices.Concat(second.Notices).Concat(last.Notices).Select(one => one.Id).ShouldBe(["ntc_4", "ntc_3", "ntc_2", "ntc_1", "ntc_0"]);
        last.Next.ShouldBeNull();
        (await store.ListAsync(new NoticeQuery(9, "*", null, null), default)).Notices.Select(one => one.Id).ShouldBe(["ntc_3", "ntc_1"]);
        (await store.ListAsync(new NoticeQuery(9, null, NoticeStatus.Failed, null), default)).Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_TakesWhatIsOlder_AlsoWhatWaits()
    {
        var store = NewStore();
        for (var i = 0; i < 120; i++)
        {
            await store.AddAsync(Notice($"ntc_{i}", since: Noon.AddMinutes(i)), default);
        }

        await store.PurgeAsync(Noon.AddMinutes(118), default);

        (await store.ListAsync(new NoticeQuery(200, null, null, null), default)).Notices.Select(one => one.Id).ShouldBe(["ntc_119"]);
        (await store.DueAsync(Noon.AddDays(1), 200, default)).Select(one => one.Id).ShouldBe(["ntc_119"]);
    }

    [Fact]
    public async Task FreeModels_KeptByTwo_AreTheFirstOnes()
    {
        var store = NewStore();
        (await store.ReadFreeModelsAsync(default)).ShouldBeNull();

        (await store.KeepFreeModelsAsync(new FreeModels(["a/b", "c"], null), default)).ShouldBeTrue();
        (await store.KeepFreeModelsAsync(new FreeModels(["d"], null), default)).ShouldBeFalse();
        var kept = await store.ReadFreeModelsAsync(default);
        (await store.KeepFreeModelsAsync(kept! with { Models = [] }, default)).ShouldBeTrue();
        (await store.KeepFreeModelsAsync(kept with { Models = ["e"] }, default)).ShouldBeFalse();

        kept.Models.ShouldBe(["a/b", "c"]);
        (await store.ReadFreeModelsAsync(default))!.Models.ShouldBeEmpty();
    }

    private static Notice Notice(string id, string target = "acme", DateTimeOffset? since = null) =>
        new(id, NoticeType.LimitReached, target, since ?? Noon, Noon, """{"id":"x"}""");
}

using Freeway.Gateway.ActivityLog;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Tests.Shared;

/// <summary>What every store of refusals must do.</summary>
public abstract class RefusalStoreContract
{
    /// <summary>An empty store, which believes it is a little after <see cref="Noon"/>.</summary>
    protected abstract IRefusalStore NewStore();

    public static RefusalKey Key(int minute = 0, string code = "free_quota_exceeded", string model = "demo/echo", string? limit = "fastrouter-free.daily", string org = "acme") =>
        new(org, Noon.AddMinutes(minute), model, "free", code, limit);

    [Fact]
    public async Task Save_OfSeveralWriters_AddsUp()
    {
        var store = NewStore();

        await store.SaveAsync("one", "acme", [new(Key(), 3), new(Key(1), 1)], default);
        await store.SaveAsync("two", "acme", [new(Key(), 4), new(Key(code: "model_not_found", model: "unknown", limit: null), 2)], default);

        (await AllAsync(store, new RefusalQuery())).ShouldBe(
            [new(Key(1), 1), new(Key(), 7), new(Key(code: "model_not_found", model: "unknown", limit: null), 2)], ignoreOrder: true);
        (await AllAsync(store, new RefusalQuery()))[0].Key.Minute.ShouldBe(Noon.AddMinutes(1), "newest first");
    }

    [Fact]
    public async Task Save_AgainAndLate_KeepsTheLargerCount()
    {
        var store = NewStore();

        await store.SaveAsync("one", "acme", [new(Key(), 3)], default);
        await store.SaveAsync("one", "acme", [new(Key(), 9)], default);
        await store.SaveAsync("one", "acme", [new(Key(), 9)], default);
        await store.SaveAsync("one", "acme", [new(Key(), 3)], default);

        (await AllAsync(store, new RefusalQuery())).ShouldBe([new(Key(), 9)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Query_PageByPage_GivesEachOnceWithAllItsWriters(int limit)
    {
        var store = NewStore();
        RefusalKey[] keys = [.. Enumerable.Range(0, 9).SelectMany(minute => new[] { Key(minute), Key(minute, "cap_exceeded", limit: null), Key(minute, model: "auto") })];
        foreach (var writer in new[] { "one", "two", "three" })
        {
            await store.SaveAsync(writer, "acme", [.. keys.Select((key, i) => new RefusalCount(key, i + 1))], default);
        }

        var found = await AllAsync(store, new RefusalQuery(limit));

        found.ShouldBe(keys.Select((key, i) => new RefusalCount(key, 3 * (i + 1))), ignoreOrder: true);
        found.Select(count => count.Key.Minute).ShouldBe(found.Select(count => count.Key.Minute).OrderDescending());
    }

    [Fact]
    public async Task Query_EachFilter_FindsWhatMatches()
    {
        var store = NewStore();
        await store.SaveAsync("one", "acme", [new(Key(), 1), new(Key(2, model: "it's/a"), 2), new(Key(4, "cap_exceeded"), 3)], default);
        await store.SaveAsync("one", "other", [new(Key(org: "other"), 9)], default);

        (await AllAsync(store, new RefusalQuery { Model = "it's/a" })).Select(count => count.Count).ShouldBe([2L]);
        (await AllAsync(store, new RefusalQuery { Code = "cap_exceeded" })).Select(count => count.Count).ShouldBe([3L]);
        (await AllAsync(store, new RefusalQuery(From: Noon, To: Noon.AddMinutes(4)))).Select(count => count.Count).ShouldBe([2L, 1]);
        (await AllAsync(store, new RefusalQuery(From: Noon.AddSeconds(1)))).Select(count => count.Count).ShouldBe([3L, 2]);
        (await AllAsync(store, new RefusalQuery(From: DateTimeOffset.MinValue, To: DateTimeOffset.MaxValue))).Count.ShouldBe(3);
        (await store.QueryAsync("nobody", new RefusalQuery(), default)).Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Query_OverMonths_GoesOnInTheMonthBefore()
    {
        var store = NewStore();
        RefusalKey[] keys = [.. new[] { 0, -40, -41, -200 }.Select(days => Key() with { Minute = Noon.AddDays(days) })];
        await store.SaveAsync("one", "acme", [.. keys.Select(key => new RefusalCount(key, 1))], default);

        (await AllAsync(store, new RefusalQuery(1))).Select(count => count.Key).ShouldBe(keys);
        (await AllAsync(store, new RefusalQuery(From: Noon.AddDays(-41)))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Save_OfManyKeys_KeepsThemAll()
    {
        var store = NewStore();
        RefusalCount[] counts = [.. Enumerable.Range(0, 250).Select(i => new RefusalCount(Key(i % 5, model: $"m{i}"), i + 1))];

        await store.SaveAsync("one", "acme", counts, default);

        (await AllAsync(store, new RefusalQuery(100))).ShouldBe(counts, ignoreOrder: true);
    }

    protected static async Task<IReadOnlyList<RefusalCount>> AllAsync(IRefusalStore store, RefusalQuery query) =>
        await store.StreamAsync("acme", query, default).ToListAsync();
}

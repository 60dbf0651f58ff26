using Freeway.Gateway.ActivityLog;
using FsCheck;
using FsCheck.Fluent;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Tests.Shared;

/// <summary>What every activity store must do.</summary>
public abstract class ActivityStoreContract
{
    private static readonly DateOnly Day = DateOnly.FromDateTime(Noon.UtcDateTime);

    /// <summary>An empty store, which believes it is a little after <see cref="Noon"/>.</summary>
    protected abstract IActivityStore NewStore();

    [Fact]
    public async Task Append_RecordWithEveryField_ComesBackWhole()
    {
        var store = NewStore();

        await store.AppendAsync("acme", [Full()], default);

        var read = (await store.QueryAsync("acme", new ActivityQuery(), default)).Records.ShouldHaveSingleItem();
        read.UpstreamRateLimit.ShouldBe(Full().UpstreamRateLimit);
        read.Booked.ShouldBe(Full().Booked);
        (read with { UpstreamRateLimit = null, Booked = null }).ShouldBe(Full() with { UpstreamRateLimit = null, Booked = null });
    }

    [Fact]
    public async Task Append_SameRecordsAgain_CountsThemOnce()
    {
        var store = NewStore();
        var records = Enumerable.Range(1, 30).Select(i => Record(i)).ToArray();

        (await store.AppendAsync("acme", records[..20], default)).ShouldBeEmpty();
        (await store.AppendAsync("acme", records, default)).ShouldBeEmpty();
        (await store.AppendAsync("acme", [.. records, .. records], default)).ShouldBeEmpty();

        (await store.SumsAsync("acme", Day, default)).ShouldBe(Sums(records, "acme", Day), ignoreOrder: true);
        (await store.ReadAllAsync("acme", new ActivityQuery(1000))).Select(record => record.Id).ShouldBe(records.Reverse().Select(record => record.Id));
    }

    [Fact]
    public async Task Append_Nothing_WritesNothing()
    {
        var store = NewStore();

        (await store.AppendAsync("acme", [], default)).ShouldBeEmpty();

        var page = await store.QueryAsync("acme", new ActivityQuery(), default);
        page.Records.ShouldBeEmpty();
        page.NextCursor.ShouldBeNull();
    }

    [Fact]
    public async Task Query_AThousandRecords_PagesThroughThemNewestFirst()
    {
        var store = NewStore();
        var records = Enumerable.Range(0, 1000).Select(i => Record(i)).ToArray();
        await store.AppendAsync("acme", records, default);

        (await store.ReadAllAsync("acme", new ActivityQuery(300))).Select(record => record.Id).ShouldBe(records.Reverse().Select(record => record.Id));
        (await store.QueryAsync("acme", new ActivityQuery(1000), default)).NextCursor.ShouldBeNull();
        (await store.SumsAsync("acme", Day, default)).ShouldBe(Sums(records, "acme", Day), ignoreOrder: true);
    }

    [Fact]
    public async Task Query_OverMonths_GoesOnInTheMonthBefore()
    {
        var store = NewStore();
        DateTimeOffset[] times =
        [
            Noon, new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1),
            new(2026, 1, 31, 23, 59, 59, TimeSpan.Zero), new(2025, 12, 31, 23, 59, 59, TimeSpan.Zero), new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero),
        ];
        var records = times.Select((time, i) => Record(i + 1, time)).ToArray();
        await store.AppendAsync("acme", records, default);

        (await store.ReadAllAsync("acme", new ActivityQuery(2))).Select(record => record.Time).ShouldBe(times);
        (await store.SumsAsync("acme", new DateOnly(2026, 4, 30), default)).ShouldBe(Sums(records, "acme", new DateOnly(2026, 4, 30)));
        (await store.SumsAsync("acme", new DateOnly(2026, 5, 1), default)).ShouldHaveSingleItem().PromptTokens.ShouldBe(2);
    }

    [Fact]
    public async Task SumsOfMonth_OfOneKey_AreThatKeysAndThatMonthsAlone()
    {
        var store = NewStore();
        DateTimeOffset[] times =
        [
            new(2026, 5, 31, 23, 59, 59, TimeSpan.Zero), Noon, Noon, Noon.AddDays(-3), new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero),
            new(2026, 4, 30, 23, 59, 59, TimeSpan.Zero), new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
        ];
        var records = times.SelectMany((time, i) => new[] { Record(2 * i, time), Record((2 * i) + 1, time) with { Key = "it's|odd" } }).ToArray();
        await store.AppendAsync("acme", records, default);
        await store.AppendAsync("other", [Record(99, Noon, "other")], default);
        DailyUsage[] expected = [.. records.Select(DailyUsage.For).Select(sum => sum.Day).Distinct()
            .Where(day => day.Month is 5).SelectMany(day => Sums(records, "acme", day))];

        (await store.SumsOfMonthAsync("acme", Day, null, default)).ShouldBe(expected, ignoreOrder: true);
        (await store.SumsOfMonthAsync("acme", new DateOnly(2026, 5, 1), "it's|odd", default)).ShouldBe(expected.Where(sum => sum.Key is "it's|odd"), ignoreOrder: true);
        (await store.SumsOfMonthAsync("acme", Day, "nobody", default)).ShouldBeEmpty();
        (await store.SumsOfMonthAsync("acme", Day.AddMonths(3), null, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Query_FromAndTo_IncludesTheFirstAndExcludesTheLast()
    {
        var store = NewStore();
        var records = Enumerable.Range(0, 6).Select(i => Record(i, Noon.AddTicks(i))).ToArray();
        await store.AppendAsync("acme", records, default);

        var found = await store.ReadAllAsync("acme", new ActivityQuery(2, From: Noon.AddTicks(1), To: Noon.AddTicks(4)));

        found.Select(record => record.Time).ShouldBe([Noon.AddTicks(3), Noon.AddTicks(2), Noon.AddTicks(1)]);
        (await store.QueryAsync("acme", new ActivityQuery(From: DateTimeOffset.MinValue, To: DateTimeOffset.MaxValue), default)).Records.Count.ShouldBe(6);
        (await store.QueryAsync("acme", new ActivityQuery(From: Noon.AddYears(-3), To: Noon.AddYears(-2)), default)).Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Query_RecordsOfOneMoment_ComeOnceEachAcrossPages()
    {
        var store = NewStore();
        var records = Enumerable.Range(0, 9).Select(i => Record(i, Noon)).ToArray();
        await store.AppendAsync("acme", records, default);

        (await store.ReadAllAsync("acme", new ActivityQuery(2))).Select(record => record.Id).ShouldBe(records.Select(record => record.Id));
    }

    [Fact]
    public async Task Query_EachFilter_FindsWhatMatches()
    {
        var store = NewStore();
        var records = Enumerable.Range(0, 40)
            .Select(i => Record(i, model: i % 3 is 0 ? "it's/a:b" : "demo/echo", tier: i % 4 is 0 ? "paid" : "free")).ToArray();
        await store.AppendAsync("acme", records, default);

        async Task Finds(ActivityQuery query, Predicate<ActivityRecord> expected) =>
            (await store.ReadAllAsync("acme", query)).Select(record => record.Id)
                .ShouldBe(records.Where(record => expected(record)).Reverse().Select(record => record.Id));

        await Finds(new ActivityQuery(7) { Model = "it's/a:b" }, record => record.Model is "it's/a:b");
        await Finds(new ActivityQuery(7) { Tier = "paid" }, record => record.Tier is "paid");
        await Finds(new ActivityQuery(7) { Key = "key-odd" }, record => record.Key is "key-odd");
        await Finds(new ActivityQuery(7) { Status = 502 }, record => record.Status is 502);
        await Finds(new ActivityQuery(1) { Status = 502, Tier = "free", Key = "key-even", Model = "demo/echo" },
            record => record is { Status: 502, Tier: "free", Key: "key-even", Model: "demo/echo" });
        await Finds(new ActivityQuery { Model = "' or 1 eq 1 or Model eq '" }, _ => false);
    }

    [Fact]
    public async Task Query_OfAnotherOrg_SeesNothing()
    {
        var store = NewStore();
        await store.AppendAsync("acme", [Record(1)], default);
        await store.AppendAsync("acme|2", [Record(2, org: "acme|2")], default);
        await store.AppendAsync("acm", [Record(3, org: "acm")], default);

        (await store.QueryAsync("acme", new ActivityQuery(), default)).Records.ShouldHaveSingleItem().Id.ShouldBe("r000001");
        (await store.QueryAsync("acme|2", new ActivityQuery(), default)).Records.ShouldHaveSingleItem().Id.ShouldBe("r000002");
        (await store.QueryAsync("nobody", new ActivityQuery(), default)).Records.ShouldBeEmpty();
        (await store.SumsAsync("acm", Day, default)).ShouldHaveSingleItem().Requests.ShouldBe(1);
    }

    [Fact]
    public void Sums_AfterAnyAppends_AreThoseOfTheRecords()
    {
        var records = from number in Gen.Choose(1, 40)
                      from day in Gen.Choose(0, 2)
                      from model in Gen.Elements("demo/echo", "sarvam/bulbul:v2", "#1")
                      from tier in Gen.Elements("free", "gift", "paid")
                      select Record(number) with { Id = $"{number}-{day}-{model}-{tier}", Model = model, Tier = tier, Time = Noon.AddDays(day) };
        Prop.ForAll(records.ListOf().ListOf().ToArbitrary(), batches =>
        {
            var store = NewStore();
            foreach (var batch in batches)
            {
                store.AppendAsync("acme", [.. batch], default).GetAwaiter().GetResult().ShouldBeEmpty();
            }

            for (var day = Day; day <= Day.AddDays(2); day = day.AddDays(1))
            {
                store.SumsAsync("acme", day, default).GetAwaiter().GetResult().ShouldBe(Sums(batches.SelectMany(batch => batch), "acme", day), ignoreOrder: true);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15).WithEndSize(12));
    }
}

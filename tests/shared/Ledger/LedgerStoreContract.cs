using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What every ledger store must do, whatever it stands on.</summary>
public abstract class LedgerStoreContract
{
    private const string Org = "acme";
    private static readonly QuotaKey Daily = new("fastrouter-free.daily", "sarvam/saaras:v3");
    private static readonly QuotaKey Minute = new("fastrouter-free.per-minute", "*");
    private static QuotaKey EndUser(int index) => new("app.daily", $"eu_{index:x32}");

    private static readonly DateTimeOffset At = new(2026, 5, 29, 12, 0, 0, 125, TimeSpan.Zero);
    private static readonly IdempotencyKey Key = new("key 1/a", new string('a', 64));
    private static readonly WindowSpan Day = new("2026-05-29", new DateTimeOffset(2026, 5, 30, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task ReadQuotas_NobodyHasWrittenThem_AreAbsent()
    {
        var store = await OpenAsync();

        (await store.ReadQuotasAsync(Org, [Daily, Minute], CancellationToken.None)).ShouldBe([QuotaRow.Absent(Daily), QuotaRow.Absent(Minute)]);
    }

    [Fact]
    public async Task Commit_ANewRequestAndItsQuota_ComeBackAsTheyWere()
    {
        var store = await OpenAsync();
        var (request, quota) = (Request(1), Quota(Daily) with { Used = 3, Reserved = 2, Unit = LimitUnit.Tokens });

        var outcome = await CommitAsync(store, new LedgerWrite.PutRequest(request), new LedgerWrite.PutQuota(quota));

        outcome.Verdict.ShouldBe(CommitVerdict.Committed);
        var found = (await store.ReadRequestsAsync(Org, "instance-1", 1, 1, CancellationToken.None)).ShouldHaveSingleItem();
        found.ETag.ShouldBe(outcome.ETags[0]);
        found.Record.ToArray().ShouldBe(request.Record.ToArray());
        found.Holds.ShouldBe(request.Holds);
        (found with { Record = request.Record, Holds = request.Holds, ETag = null }).ShouldBe(request);
        (await ReadAsync(store, Daily)).ShouldBe(quota with { ETag = outcome.ETags[1] });
    }

    [Fact]
    public async Task Commit_AWindowThatNeverEnds_ComesBackSo()
    {
        var store = await OpenAsync();

        await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily) with { Window = new WindowSpan("lifetime", null) }));

        (await ReadAsync(store, Daily)).Window.ShouldBe(new WindowSpan("lifetime", null));
    }

    [Fact]
    public async Task Commit_WhatTheWindowBeforeLeft_ComesBackAsItWas()
    {
        var store = await OpenAsync();

        await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily) with { Past = new PastWindow("2026-05-28", -3), Noticed = 80 }));

        var read = await ReadAsync(store, Daily);
        (read.Past, read.Noticed).ShouldBe((new PastWindow("2026-05-28", -3), 80));
    }

    [Fact]
    public async Task Commit_TheSameRowUnchanged_HasANewETagEachTime()
    {
        var store = await OpenAsync();
        var etags = new List<string?>();
        string? etag = null;
        for (var turn = 0; turn < 30; turn++)
        {
            etag = (await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily) with { ETag = etag }))).ETags[0];
            etags.Add(etag);
        }

        etags.Distinct().Count().ShouldBe(30);
        (await ReadAsync(store, Daily)).ETag.ShouldBe(etag);
    }

    [Fact]
    public async Task Commit_AnotherWroteTheQuota_NamesItAndWritesNothing()
    {
        var store = await OpenAsync();
        var stale = (await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily)))).ETags[0];
        await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily) with { Used = 1, ETag = stale }));

        var outcome = await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)), new LedgerWrite.PutQuota(Quota(Daily) with { Used = 9, ETag = stale }));

        (outcome.Verdict, outcome.FailedIndex).ShouldBe((CommitVerdict.Conflict, 1));
        (await store.ReadRequestsAsync(Org, "instance-1", 0, long.MaxValue, CancellationToken.None)).ShouldBeEmpty();
        (await ReadAsync(store, Daily)).Used.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_ANewRowIsThereAlready_NamesIt()
    {
        var store = await OpenAsync();
        await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)), new LedgerWrite.PutQuota(Quota(Daily)));

        var request = await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)), new LedgerWrite.PutQuota(Quota(Daily)));
        var quota = await CommitAsync(store, new LedgerWrite.PutRequest(Request(2)), new LedgerWrite.PutQuota(Quota(Daily)));

        (request.Verdict, request.FailedIndex).ShouldBe((CommitVerdict.Conflict, 0));
        (quota.Verdict, quota.FailedIndex).ShouldBe((CommitVerdict.Conflict, 1));
    }

    [Fact]
    public async Task Commit_ARowIsGone_NamesIt()
    {
        var store = await OpenAsync();
        var etag = (await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)))).ETags[0]!;
        (await CommitAsync(store, new LedgerWrite.DeleteRequest(Request(1).Key, etag))).ETags.ShouldBe([null]);

        var delete = await CommitAsync(store, new LedgerWrite.DeleteRequest(Request(1).Key, etag), new LedgerWrite.PutQuota(Quota(Daily)));
        var put = await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily)), new LedgerWrite.PutRequest(Request(1) with { ETag = etag }));

        (delete.Verdict, delete.FailedIndex).ShouldBe((CommitVerdict.Conflict, 0));
        (put.Verdict, put.FailedIndex).ShouldBe((CommitVerdict.Conflict, 1));
        (await ReadAsync(store, Daily)).ETag.ShouldBeNull();
    }

    [Fact]
    public async Task Commit_AFinishedRow_ReplacesTheOpenOne()
    {
        var store = await OpenAsync();
        var etag = (await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)))).ETags[0];

        await CommitAsync(store, new LedgerWrite.PutRequest(Request(1) with { Open = false, Mark = "settled", ETag = etag }));

        (await store.ReadRequestsAsync(Org, "instance-1", 1, 1, CancellationToken.None)).ShouldHaveSingleItem().Mark.ShouldBe("settled");
    }

    [Fact]
    public async Task Commit_AHundredRows_AreTakenAndNotOneMore()
    {
        var store = await OpenAsync();
        LedgerWrite[] writes = [.. Enumerable.Range(1, 101).Select(number => new LedgerWrite.PutRequest(Request(number)))];

        (await CommitAsync(store, writes)).Verdict.ShouldBe(CommitVerdict.Invalid);
        (await CommitAsync(store, writes[..100])).Verdict.ShouldBe(CommitVerdict.Committed);
    }

    [Fact]
    public async Task Commit_TheSameRowTwice_IsNeverTaken()
    {
        var store = await OpenAsync();

        (await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)), new LedgerWrite.PutRequest(Request(1)))).Verdict.ShouldBe(CommitVerdict.Invalid);

        (await store.ReadRequestsAsync(Org, "instance-1", 0, long.MaxValue, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadRequests_ARangeOfOneInstance_HoldsBothEndsInOrder()
    {
        var store = await OpenAsync();
        long[] numbers = [1, 2, 9, 10, 11, 99, 100, 1_000_000_000];
        await CommitAsync(store, [.. numbers.Select(number => new LedgerWrite.PutRequest(Request(number)))]);
        await CommitAsync(store, new LedgerWrite.PutRequest(Request(10) with { Key = new RequestKey("instance-2", 10) }));

        (await NumbersAsync(store, 2, 99)).ShouldBe([2, 9, 10, 11, 99]);
        (await NumbersAsync(store, 0, long.MaxValue)).ShouldBe(numbers);
        (await NumbersAsync(store, 12, 98)).ShouldBeEmpty();
        (await store.ListRequestsAsync(Org, CancellationToken.None)).Select(row => row.Key).ShouldBe(
            [.. numbers.Select(number => new RequestKey("instance-1", number)), new RequestKey("instance-2", 10)], ignoreOrder: true);
        (await store.ListRequestsAsync("nobody", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadRequests_MoreThanAPage_AreAllThere()
    {
        var store = await OpenAsync();
        foreach (var some in Enumerable.Range(1, 1050).Chunk(100))
        {
            await CommitAsync(store, [.. some.Select(number => new LedgerWrite.PutRequest(Request(number)))]);
        }

        (await NumbersAsync(store, 0, long.MaxValue)).Count.ShouldBe(1050);
    }

    [Fact]
    public async Task ReadQuotas_ManyOfMore_ComeInTheOrderAsked()
    {
        var store = await OpenAsync();
        QuotaKey[] keys = [.. Enumerable.Range(0, 30).Select(index => new QuotaKey("plan.daily", $"vendor/model-{index}:v{index}"))];
        await CommitAsync(store, [.. keys.Where((_, index) => index % 2 is 0).Select(key => new LedgerWrite.PutQuota(Quota(key)))]);
        QuotaKey[] asked = [.. keys.Skip(3).Take(20).Reverse()];

        var rows = await store.ReadQuotasAsync(Org, asked, CancellationToken.None);

        rows.Select(row => row.Key).ShouldBe(asked);
        rows.Where(row => row.ETag is not null).Select(row => row.Key).ShouldBe(asked.Where(key => Array.IndexOf(keys, key) % 2 is 0));
    }

    [Fact]
    public async Task ReadQuotas_OfManyEndUsers_ComeInTheOrderAsked()
    {
        var store = await OpenAsync();
        QuotaKey[] keys = [.. Enumerable.Range(0, 60).Select(EndUser), .. Enumerable.Range(0, 6).Select(index => new QuotaKey("plan.daily", $"model-{index}"))];
        await CommitAsync(store, [.. keys.Where((_, index) => index % 2 is 0).Select(key => new LedgerWrite.PutQuota(Quota(key)))]);
        QuotaKey[] asked = [.. keys.Skip(11).Reverse()];

        var rows = await store.ReadQuotasAsync(Org, asked, CancellationToken.None);

        rows.Select(row => row.Key).ShouldBe(asked);
        rows.Where(row => row.ETag is not null).Select(row => row.Key).ShouldBe(asked.Where(key => Array.IndexOf(keys, key) % 2 is 0));
    }

    [Fact]
    public async Task ListQuotas_BesideEndUsers_HoldsNoneOfThem()
    {
        var store = await OpenAsync();
        await CommitAsync(store, [.. Enumerable.Range(0, 20).Select(index => new LedgerWrite.PutQuota(Quota(EndUser(index)))), new LedgerWrite.PutQuota(Quota(Daily))]);

        (await store.ListQuotasAsync(Org, CancellationToken.None)).Select(row => row.Key).ShouldBe([Daily]);
    }

    [Fact]
    public async Task ListExpired_PageByPage_HoldsEachRowThatExpiredOnce()
    {
        var store = await OpenAsync();
        foreach (var some in Enumerable.Range(0, 250).Chunk(100))
        {
            await CommitAsync(store, [.. some.Select(index => new LedgerWrite.PutQuota(Quota(EndUser(index)) with
            {
                ExpiresAt = index % 2 is 0 ? At.AddTicks(-1) : index % 3 is 0 ? At : null,
            }))]);
        }

        await CommitAsync(store, new LedgerWrite.PutQuota(Quota(Daily)));
        await store.CommitAsync("acme2", [new LedgerWrite.PutQuota(Quota(EndUser(0)) with { ExpiresAt = At.AddDays(-1) })], CancellationToken.None);

        List<ExpiredQuota> all = [];
        for (IReadOnlyList<ExpiredQuota> page = [], first = [null!]; page.Count is 40 || first.Count is 1;)
        {
            first = [];
            page = await store.ListExpiredAsync(Org, At, all.Count is 0 ? null : all[^1].Key, 40, CancellationToken.None);
            page.Count.ShouldBeLessThanOrEqualTo(40);
            all.AddRange(page);
        }

        all.Select(row => row.Key).ShouldBe(Enumerable.Range(0, 250).Where(index => index % 2 is 0).Select(EndUser), ignoreOrder: true);
        var rows = await store.ReadQuotasAsync(Org, [.. all.Select(row => row.Key)], CancellationToken.None);
        rows.Select(row => row.ETag).ShouldBe(all.Select(row => row.ETag));
        rows[0].ExpiresAt.ShouldBe(At.AddTicks(-1));
    }

    [Fact]
    public async Task DeleteQuota_OfARowThatHasMoved_IsAConflictAndDeletesNothing()
    {
        var store = await OpenAsync();
        var etags = (await CommitAsync(store, new LedgerWrite.PutQuota(Quota(EndUser(1))), new LedgerWrite.PutQuota(Quota(EndUser(2))))).ETags;
        await CommitAsync(store, new LedgerWrite.PutQuota(Quota(EndUser(2)) with { Used = 1, ETag = etags[1] }));

        var both = await CommitAsync(store, new LedgerWrite.DeleteQuota(EndUser(1), etags[0]!), new LedgerWrite.DeleteQuota(EndUser(2), etags[1]!));
        var one = await CommitAsync(store, new LedgerWrite.DeleteQuota(EndUser(1), etags[0]!));
        var again = await CommitAsync(store, new LedgerWrite.DeleteQuota(EndUser(1), etags[0]!));

        (both.Verdict, one.Verdict, again.Verdict).ShouldBe((CommitVerdict.Conflict, CommitVerdict.Committed, CommitVerdict.Conflict));
        (await ReadAsync(store, EndUser(1))).ETag.ShouldBeNull();
        (await ReadAsync(store, EndUser(2))).Used.ShouldBe(1);
    }

    [Fact]
    public async Task ListQuotas_OfAnOrg_HoldsAllOfItsOwnAndNoRequests()
    {
        var store = await OpenAsync();
        await CommitAsync(store, new LedgerWrite.PutRequest(Request(1)), new LedgerWrite.PutQuota(Quota(Daily)), new LedgerWrite.PutQuota(Quota(Minute)));
        await store.CommitAsync("acme2", [new LedgerWrite.PutQuota(Quota(Daily))], CancellationToken.None);

        (await store.ListQuotasAsync(Org, CancellationToken.None)).Select(row => row.Key).ShouldBe([Daily, Minute], ignoreOrder: true);
    }

    [Fact]
    public async Task Commit_LeasesOfALimit_ComeBackAsTheyWere()
    {
        var store = await OpenAsync();
        var row = Quota(Daily) with
        {
            Unit = LimitUnit.ConcurrentRequests,
            Window = new WindowSpan("now", null),
            Reserved = 2,
            Leases = ConcurrencyLeases.None.With(ConcurrencyLeases.Name(At)).With(ConcurrencyLeases.Name(At.AddSeconds(1))),
        };

        var etag = (await CommitAsync(store, new LedgerWrite.PutQuota(row))).ETags[0];
        (await ReadAsync(store, Daily)).ShouldBe(row with { ETag = etag });
        row = row with { Reserved = 0, Leases = ConcurrencyLeases.None, ETag = etag };
        etag = (await CommitAsync(store, new LedgerWrite.PutQuota(row))).ETags[0];

        (await ReadAsync(store, Daily)).ShouldBe(row with { ETag = etag });
    }

    [Fact]
    public async Task Commit_ARequestWithAnIdempotencyKey_ComesBackWithIt()
    {
        var store = await OpenAsync();

        await CommitAsync(store, new LedgerWrite.PutRequest(Request(1) with { Idempotency = Key }));

        (await store.ReadRequestsAsync(Org, "instance-1", 1, 1, CancellationToken.None)).ShouldHaveSingleItem().Idempotency.ShouldBe(Key);
    }

    [Theory]
    [InlineData("a/b", "a\\b")]
    [InlineData("50%", "50%25")]
    [InlineData("o'neil", "o''neil")]
    [InlineData("x#1?", "x!231?")]
    [InlineData("日本", "日 本")]
    public async Task Commit_OrgsOfAnySpelling_AreKeptApart(string org, string other)
    {
        var store = await OpenAsync();
        var key = new QuotaKey("plan.daily", $"{org}|{other}");

        await store.CommitAsync(org, [new LedgerWrite.PutQuota(Quota(key) with { Used = 1 })], CancellationToken.None);

        (await store.ReadQuotasAsync(org, [key], CancellationToken.None))[0].Used.ShouldBe(1);
        (await store.ReadQuotasAsync(other, [key], CancellationToken.None))[0].ETag.ShouldBeNull();
    }

    /// <summary>A store with nothing in it.</summary>
    protected abstract Task<ILedgerStore> OpenAsync();

    private static QuotaRow Quota(QuotaKey key) => new(key, LimitUnit.Requests, Day, 10, 0, 0, null);

    private static RequestRow Request(long number) => new(
        new RequestKey("instance-1", number),
        $"mark-{number}",
        true,
        $"request-{number}",
        [new Hold(Daily, Day.Id, 1), new Hold(Minute, "2026-05-29T12:00", 5)],
        """{"id":"déjà 'vu' \"日本\""}"""u8.ToArray(),
        null);

    private static Task<CommitOutcome> CommitAsync(ILedgerStore store, params LedgerWrite[] writes) =>
        store.CommitAsync(Org, writes, CancellationToken.None);

    private static async Task<QuotaRow> ReadAsync(ILedgerStore store, QuotaKey key) =>
        (await store.ReadQuotasAsync(Org, [key], CancellationToken.None)).ShouldHaveSingleItem();

    private static async Task<IReadOnlyList<long>> NumbersAsync(ILedgerStore store, long first, long last) =>
        [.. (await store.ReadRequestsAsync(Org, "instance-1", first, last, CancellationToken.None)).Select(row => row.Key.Sequence)];
}

using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>What every ledger store must do with idempotency rows and purchases.</summary>
public abstract class RepeatStoreContract
{
    private const string Org = "acme";
    private static readonly DateTimeOffset At = new(2026, 5, 29, 12, 0, 0, 125, TimeSpan.Zero);
    private static readonly IdempotencyKey Key = new("key 1/a", new string('a', 64));
    private static readonly IdempotencyRow Repeat = new(Key, "request-1", new string('b', 64), At, null, null);
    private static readonly QuotaRow Daily = new(new QuotaKey("plan.daily", "*"), LimitUnit.Requests, WindowSpan.At(LimitWindow.Day, At), 10, 0, 0, null);
    private static readonly QuotaRow Minute = Daily with { Key = new QuotaKey("plan.minute", "*") };

    [Fact]
    public async Task FindRepeat_NobodyHasUsedTheKey_IsNull()
    {
        var store = await OpenAsync();

        (await store.FindRepeatAsync(Org, Key, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Commit_ARepeatUnderWay_ComesBackAndIsAddedOnce()
    {
        var store = await OpenAsync();

        var outcome = await CommitAsync(store, new LedgerWrite.PutQuota(Daily), new LedgerWrite.PutRepeat(Repeat));
        var again = await CommitAsync(store, new LedgerWrite.PutQuota(Minute), new LedgerWrite.PutRepeat(Repeat));

        (await store.FindRepeatAsync(Org, Key, CancellationToken.None)).ShouldBe(Repeat with { ETag = outcome.ETags[1] });
        (again.Verdict, again.FailedIndex).ShouldBe((CommitVerdict.Conflict, 1));
        (await store.FindRepeatAsync("other", Key, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(RequestOutcome.MostBytes)]
    [InlineData(null)]
    public async Task Commit_ARepeatsOutcome_ComesBackByteForByte(int? length)
    {
        var store = await OpenAsync();
        var etag = (await CommitAsync(store, new LedgerWrite.PutRepeat(Repeat))).ETags[0];
        var body = length is { } bytes ? Enumerable.Range(0, bytes).Select(index => (byte)(index * 7)).ToArray() : null;
        var answer = new RequestOutcome(429, body is null ? null : "text/plain; charset=utf-8", body is null ? default(ReadOnlyMemory<byte>?) : body);

        await CommitAsync(store, new LedgerWrite.PutRepeat(Repeat with { Outcome = answer, ETag = etag }));

        var found = (await store.FindRepeatAsync(Org, Key, CancellationToken.None))!.Outcome!;
        (found.Status, found.ContentType).ShouldBe((answer.Status, answer.ContentType));
        found.Body?.ToArray().ShouldBe(body);
        (found.Body is null).ShouldBe(body is null);
    }

    [Fact]
    public async Task Commit_ARepeatsFailure_ComesBackByItsCode()
    {
        var store = await OpenAsync();
        var outcome = new RequestOutcome(503, null, null) { Refusal = RefusalCode.Overloaded };

        await CommitAsync(store, new LedgerWrite.PutRepeat(Repeat with { Outcome = outcome }));

        (await store.FindRepeatAsync(Org, Key, CancellationToken.None))!.Outcome.ShouldBe(outcome);
    }

    [Fact]
    public async Task Commit_ARepeatIsTakenAway_OnlyAsItWasSeen()
    {
        var store = await OpenAsync();
        var first = (await CommitAsync(store, new LedgerWrite.PutRepeat(Repeat))).ETags[0]!;
        var second = (await CommitAsync(store, new LedgerWrite.PutRepeat(Repeat with { RequestId = "request-2", ETag = first }))).ETags[0]!;

        var stale = await CommitAsync(store, new LedgerWrite.DeleteRepeat(Key, first));
        (stale.Verdict, stale.FailedIndex).ShouldBe((CommitVerdict.Conflict, 0));
        (await CommitAsync(store, new LedgerWrite.DeleteRepeat(Key, second))).ETags.ShouldBe([null]);

        (await store.FindRepeatAsync(Org, Key, CancellationToken.None)).ShouldBeNull();
        (await CommitAsync(store, new LedgerWrite.DeleteRepeat(Key, second))).Verdict.ShouldBe(CommitVerdict.Conflict);
    }

    [Fact]
    public async Task ListRepeats_BeforeAMoment_HoldsTheOldOnesWithoutTheirOutcomes()
    {
        var store = await OpenAsync();
        IdempotencyRow[] rows = [.. Enumerable.Range(0, 6).Select(hour => Repeat with
        {
            Key = Key with { KeyId = $"key/{hour}" },
            At = At.AddHours(hour),
            Outcome = new RequestOutcome(200, "application/json", new byte[] { 1 }),
        })];
        var etags = (await CommitAsync(store, [.. rows.Select(row => new LedgerWrite.PutRepeat(row))])).ETags;
        await CommitAsync(store, new LedgerWrite.PutQuota(Daily), new LedgerWrite.AddPurchase(new Purchase("a", 1, At)));

        var found = await store.ListRepeatsAsync(Org, At.AddHours(3), CancellationToken.None);

        found.ShouldBe(rows.Zip(etags, (row, etag) => row with { Outcome = null, ETag = etag }).Take(3), ignoreOrder: true);
    }

    [Fact]
    public async Task ListPurchases_OfAnOrg_AreItsOwnOldestFirst()
    {
        var store = await OpenAsync();
        Purchase[] purchases = [new("b", 5, At.AddDays(2)), new("a", 7, At.AddDays(1)), new("c", 9, At)];
        foreach (var purchase in purchases)
        {
            await CommitAsync(store, new LedgerWrite.AddPurchase(purchase));
        }

        (await store.ListPurchasesAsync(Org, CancellationToken.None)).ShouldBe(purchases.Reverse());
        (await store.ListPurchasesAsync("other", CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b\\c #1? 100% o'neil|x")]
    public async Task Commit_APurchase_ComesBackAndIsAddedOnce(string id)
    {
        var store = await OpenAsync();
        var purchase = new Purchase(id.PadRight(200, '/'), 5_000_000_001, At);

        var first = await CommitAsync(store, new LedgerWrite.AddPurchase(purchase), new LedgerWrite.PutQuota(Daily));
        var again = await CommitAsync(store, new LedgerWrite.AddPurchase(purchase), new LedgerWrite.PutQuota(Minute));

        (first.Verdict, again.Verdict, again.FailedIndex).ShouldBe((CommitVerdict.Committed, CommitVerdict.Conflict, 0));
        (await store.FindPurchaseAsync(Org, purchase.Id, CancellationToken.None)).ShouldBe(purchase);
        (await store.FindPurchaseAsync(Org, id + "b", CancellationToken.None)).ShouldBeNull();
        (await store.FindPurchaseAsync("other", purchase.Id, CancellationToken.None)).ShouldBeNull();
        (await store.ReadQuotasAsync(Org, [Minute.Key], CancellationToken.None))[0].ETag.ShouldBeNull();
    }

    /// <summary>A store with nothing in it.</summary>
    protected abstract Task<ILedgerStore> OpenAsync();

    private static Task<CommitOutcome> CommitAsync(ILedgerStore store, params LedgerWrite[] writes) =>
        store.CommitAsync(Org, writes, CancellationToken.None);
}

using Azure.Data.Tables;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Adapters.Tests.Ledger;

public abstract class TableLedgerStoreTests(TablesFixture azurite) : LedgerStoreContract
{
    private static readonly QuotaKey Key = new("fastrouter-free.daily", "sarvam/saaras:v3");
    private static readonly RequestRow Request = new(
        new RequestKey("instance-1", 7), "mark", true, "request-7", [new Hold(Key, "2026-05-29", 1)], """{"id":"request-7"}"""u8.ToArray(), null);

    private static readonly QuotaRow Quota = new(
        Key, LimitUnit.Requests, new WindowSpan("2026-05-29", new DateTimeOffset(2026, 5, 30, 0, 0, 0, TimeSpan.Zero)), 10, 4, 1, null);

    [Fact]
    public async Task Commit_AReservation_IsLegibleInTheTable()
    {
        var account = azurite.Account();
        await new TableLedgerStore(account).CommitAsync("acme", [new LedgerWrite.PutRequest(Request), new LedgerWrite.PutQuota(Quota)], CancellationToken.None);

        var table = await account.StrictAsync(account.Names.Ledger, CancellationToken.None);
        var quota = (await table.GetEntityAsync<TableEntity>("acme", "quota|fastrouter-free.daily|sarvam!2fsaaras:v3")).Value;
        var request = (await table.GetEntityAsync<TableEntity>("acme", "request|instance-1|000000000007")).Value;

        quota.ShouldSatisfyAllConditions(
            () => quota["Window"].ShouldBe("2026-05-29"),
            () => quota["Limit"].ShouldBe(10L),
            () => quota["Used"].ShouldBe(4L),
            () => quota["Reserved"].ShouldBe(1L),
            () => quota["Unit"].ShouldBe("Requests"),
            () => quota["ResetAt"].ShouldBe(new DateTimeOffset(2026, 5, 30, 0, 0, 0, TimeSpan.Zero)));
        request.ShouldSatisfyAllConditions(
            () => request["State"].ShouldBe("Open"),
            () => request["RequestId"].ShouldBe("request-7"),
            () => request["Mark"].ShouldBe("mark"),
            () => request["Record"].ShouldBe("""{"id":"request-7"}"""));
    }

    [Fact]
    public async Task Commit_LeasesRepeatsAndPurchases_AreLegibleInTheTable()
    {
        var account = azurite.Account();
        var at = new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);
        var key = new IdempotencyKey("key-1", new string('a', 64));
        await new TableLedgerStore(account).CommitAsync(
            "acme",
            [
                new LedgerWrite.PutRepeat(new IdempotencyRow(key, "request-7", "print", at, new RequestOutcome(200, "text/plain", "hi"u8.ToArray()), null)),
                new LedgerWrite.AddPurchase(new Purchase("top-up/1", 5_000_000_000, at)),
                new LedgerWrite.PutQuota(Quota with { Leases = ConcurrencyLeases.None.With(ConcurrencyLeases.Name(at)).With(ConcurrencyLeases.Name(at.AddMilliseconds(1))) }),
            ],
            CancellationToken.None);

        var table = await account.StrictAsync(account.Names.Ledger, CancellationToken.None);
        var repeat = (await table.GetEntityAsync<TableEntity>("acme", $"idempotency|key-1|{key.Hash}")).Value;
        var purchase = await table.QueryAsync<TableEntity>("RowKey ge 'purchase|' and RowKey lt 'purchase}'").SingleAsync();
        var quota = (await table.GetEntityAsync<TableEntity>("acme", "quota|fastrouter-free.daily|sarvam!2fsaaras:v3")).Value;

        repeat.ShouldSatisfyAllConditions(
            () => repeat["RequestId"].ShouldBe("request-7"),
            () => repeat["Status"].ShouldBe(200),
            () => repeat.GetBinary("Body").ShouldBe("hi"u8.ToArray()));
        purchase.ShouldSatisfyAllConditions(() => purchase["Id"].ShouldBe("top-up/1"), () => purchase["NanoDollars"].ShouldBe(5_000_000_000L));
        quota["Leases"].ShouldBe("2026-05-29T12:00:00.000Z 2026-05-29T12:00:00.001Z");
    }

    [Theory]
    [InlineData(1, 0, 0, 0, true)]
    [InlineData(0, 1, 0, 0, false)]
    [InlineData(0, 0, 1, 0, true)]
    [InlineData(0, 0, 0, 1, false)]
    public async Task Commit_NoCertainAnswer_IsUnknown(double lost, double unsent, double late, double busy, bool lands)
    {
        using var transport = new FaultyTransport(1, FaultRates.None);
        var account = azurite.Account(transport: transport);
        var store = new TableLedgerStore(account);
        await store.ReadQuotasAsync("acme", [Key], CancellationToken.None);
        transport.Rates = new FaultRates(lost, unsent, late, busy);

        var outcome = await store.CommitAsync("acme", [new LedgerWrite.PutQuota(Quota)], CancellationToken.None);

        outcome.Verdict.ShouldBe(CommitVerdict.Unknown);
        transport.Rates = FaultRates.None;
        await transport.SettleAsync();
        ((await store.ReadQuotasAsync("acme", [Key], CancellationToken.None))[0].ETag is not null).ShouldBe(lands);
    }

    [Fact]
    public async Task Commit_IsTriedOnce()
    {
        var sent = 0;
        using var transport = new FaultyTransport(1, FaultRates.None);
        var store = new TableLedgerStore(azurite.Account(transport: transport));
        await store.ReadQuotasAsync("acme", [Key], CancellationToken.None);
        (transport.Rates, transport.Seen) = (new FaultRates(Busy: 1), _ => sent++);

        await store.CommitAsync("acme", [new LedgerWrite.PutQuota(Quota)], CancellationToken.None);

        sent.ShouldBe(1);
    }

    [Fact]
    public async Task Reads_StorageIsDown_Throw()
    {
        using var transport = new FaultyTransport(1, FaultRates.None) { Down = true };
        var store = new TableLedgerStore(azurite.Account(transport: transport));

        await Should.ThrowAsync<IOException>(store.ReadQuotasAsync("acme", [Key], CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.ListQuotasAsync("acme", CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.ReadRequestsAsync("acme", "instance-1", 0, 9, CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.FindRepeatAsync("acme", new IdempotencyKey("key-1", "hash"), CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.ListRepeatsAsync("acme", DateTimeOffset.UnixEpoch, CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.FindPurchaseAsync("acme", "a", CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.ListPurchasesAsync("acme", CancellationToken.None));
        (await store.CommitAsync("acme", [new LedgerWrite.PutQuota(Quota)], CancellationToken.None)).Verdict.ShouldBe(CommitVerdict.NotSent);
    }

    [Fact]
    public async Task Reads_OfOneRequestsLimits_AreOneRoundTrip()
    {
        var (atOnce, most) = (0, 0);
        using var transport = new FaultyTransport(1, FaultRates.None);
        var store = new TableLedgerStore(azurite.Account(transport: transport));
        await store.ReadQuotasAsync("acme", [Key], CancellationToken.None);
        transport.Seen = _ => most = Math.Max(most, Interlocked.Increment(ref atOnce));

        await store.ReadQuotasAsync("acme", [Key, Key with { Subject = "*" }, Key with { Subject = "key-1" }], CancellationToken.None);

        most.ShouldBe(3);
    }

    [Fact]
    public async Task Commit_ARecordLongerThanTheServiceTakes_IsNeverSentAndNamed()
    {
        var sent = 0;
        using var transport = new FaultyTransport(1, FaultRates.None);
        var store = new TableLedgerStore(azurite.Account(transport: transport));
        await store.ReadQuotasAsync("acme", [Key], CancellationToken.None);
        transport.Seen = _ => sent++;
        var large = Request with { Key = new RequestKey("instance-1", 8), Record = new byte[66_000] };

        var outcome = await store.CommitAsync("acme", [new LedgerWrite.PutRequest(Request), new LedgerWrite.PutRequest(large)], CancellationToken.None);

        (outcome.Verdict, outcome.FailedIndex, sent).ShouldBe((CommitVerdict.Invalid, 1, 0));
    }

    [Fact]
    public async Task Commit_TheLargestRecordThatWeWrite_ComesBack()
    {
        var store = await OpenAsync();
        var record = new byte[40_000];
        Array.Fill(record, (byte)'x');

        var outcome = await store.CommitAsync("acme", [new LedgerWrite.PutRequest(Request with { Record = record })], CancellationToken.None);

        outcome.Verdict.ShouldBe(CommitVerdict.Committed);
        (await store.ReadRequestsAsync("acme", "instance-1", 7, 7, CancellationToken.None))[0].Record.ToArray().ShouldBe(record);
    }

    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(new TableLedgerStore(azurite.Account()));
}

public sealed class TableLedgerStoreTestsOnAzurite(AzuriteFixture tables) : TableLedgerStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableLedgerStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableLedgerStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;

using System.Collections.Concurrent;
using System.Text;
using Azure.Core;
using Azure.Data.Tables;
using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;
using static Freeway.Tests.Shared.ActivitySamples;

namespace Freeway.Adapters.Tests.ActivityLog;

public abstract class TableActivityStoreTests(TablesFixture azurite) : ActivityStoreContract
{
    private static readonly DateOnly Day = DateOnly.FromDateTime(Noon.UtcDateTime);

    protected override IActivityStore NewStore() => Store(azurite.Account());

    [Fact]
    public async Task Append_ManyWritersWithOverlappingBatches_CountsEachRecordOnce()
    {
        var names = AzuriteFixture.NewNames();
        var records = Enumerable.Range(0, 240).Select(i => Record(i, model: $"m{i % 3}")).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer =>
            Store(azurite.Account(names), seed: writer).AppendAsync("acme", [.. records.Skip(writer * 24).Take(120)], default)));

        await HoldsExactlyAsync(Store(azurite.Account(names)), records);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Append_AnswersLostAndWritesLandingLate_CountsEachRecordOnce(int seed)
    {
        var names = AzuriteFixture.NewNames();
        var records = Enumerable.Range(0, 300).Select(i => Record(i, model: $"m{i % 2}")).ToArray();
        using var transport = new FaultyTransport(seed, FaultRates.None);
        var store = Store(azurite.Account(names, transport), seed);
        transport.Rates = new FaultRates(LoseAnswer: 0.2, NeverSend: 0.05, LandLate: 0.1, Busy: 0.05);

        // As the queue does: three writers, and whatever fails is delivered again.
        var deliveries = new ConcurrentQueue<ActivityRecord[]>(records.Chunk(20).Concat(records.Chunk(30)));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while (deliveries.TryDequeue(out var delivery))
            {
                try
                {
                    await store.AppendAsync("acme", delivery, default);
                }
                catch (IOException)
                {
                    deliveries.Enqueue(delivery);
                }
            }
        }));

        transport.Rates = FaultRates.None;
        await transport.SettleAsync();
        transport.Faults.ShouldBeGreaterThan(50);
        await HoldsExactlyAsync(Store(azurite.Account(names)), records);
    }

    [Fact]
    public async Task Append_EveryAnswerLost_GivesUpAndTheNextDeliveryFindsTheRecords()
    {
        var account = azurite.Account();
        await Store(account).AppendAsync("acme", [Record(0)], default);
        using var transport = new FaultyTransport(5, new FaultRates(LoseAnswer: 1));
        var faulty = Store(azurite.Account(account.Names, transport));

        await Should.ThrowAsync<IOException>(() => faulty.AppendAsync("acme", [Record(1), Record(2)], default));
        transport.Rates = FaultRates.None;
        (await faulty.AppendAsync("acme", [Record(1), Record(2)], default)).ShouldBeEmpty();

        await HoldsExactlyAsync(Store(account), [Record(0), Record(1), Record(2)]);
    }

    [Fact]
    public async Task Append_FirstTryLandsAfterTheSecond_CountsOnce()
    {
        var account = azurite.Account();
        await Store(account).AppendAsync("acme", [Record(0)], default);
        using var transport = new FaultyTransport(1, FaultRates.None, request => request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal));
        var store = Store(azurite.Account(account.Names, transport));
        await store.SumsAsync("acme", Day, default);
        transport.Rates = new FaultRates(LandLate: 1);
        var transactions = 0;
        transport.Seen = request =>
        {
            if (request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && ++transactions is 2)
            {
                transport.Rates = FaultRates.None;
            }
        };

        await store.AppendAsync("acme", [Record(1), Record(2)], default);
        await transport.SettleAsync();

        transactions.ShouldBeGreaterThan(1);
        await HoldsExactlyAsync(Store(account), [Record(0), Record(1), Record(2)]);
    }

    [Fact]
    public async Task Append_StorageDown_SaysOutOfReachAndWritesNothing()
    {
        var account = azurite.Account();
        using var transport = new FaultyTransport(1, FaultRates.None) { Down = true };
        var store = Store(azurite.Account(account.Names, transport));

        await Should.ThrowAsync<IOException>(() => store.AppendAsync("acme", [Record(1)], default));
        await Should.ThrowAsync<IOException>(() => store.QueryAsync("acme", new ActivityQuery(), default));
        await Should.ThrowAsync<IOException>(() => store.SumsAsync("acme", Day, default));

        transport.Down = false;
        (await store.QueryAsync("acme", new ActivityQuery(), default)).Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Append_CallerLeaves_IsCancelledNotAnOutage()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => NewStore().AppendAsync("acme", [Record(1)], left.Token));
    }

    [Fact]
    public async Task Append_RecordThatNoKeyHolds_IsRefusedAndTheRestWritten()
    {
        var store = NewStore();
        var endless = Record(2, model: new string('/', 256));

        var refused = (await store.AppendAsync("acme", [Record(1), endless, Record(3)], default)).ShouldHaveSingleItem();

        refused.Record.ShouldBe(endless);
        refused.Reason.ShouldContain("512");
        await HoldsExactlyAsync(store, [Record(1), Record(3)]);
    }

    [Fact]
    public async Task Append_TextsOfAnyLength_AreCutToWhatARowHolds()
    {
        var store = NewStore();
        var records = Enumerable.Range(0, 120).Select(i => Record(i) with
        {
            App = new string('\u3042', 100_000),
            Slug = new string('\u3042', 100_000),
            UpstreamRateLimit = Enumerable.Range(0, 400).ToDictionary(h => $"x-{h}", _ => new string('"', 5000)),
        }).ToArray();

        (await store.AppendAsync("acme", records, default)).ShouldBeEmpty();

        (await store.SumsAsync("acme", Day, default)).Sum(sum => sum.Requests).ShouldBe(120);
        (await store.QueryAsync("acme", new ActivityQuery(1), default)).Records[0].App!.Length.ShouldBe(256);
    }

    [Fact]
    public async Task Append_KeyIdsOfAnyLength_CountToTheKeyAsItIsCut()
    {
        var store = NewStore();

        (await store.AppendAsync("acme", [Record(1) with { Key = new string('k', 500) }, Record(2) with { Key = new string('k', 64) }], default)).ShouldBeEmpty();
        (await store.AppendAsync("acme", [Record(1) with { Key = new string('k', 500) }], default)).ShouldBeEmpty();

        var sum = (await store.SumsOfMonthAsync("acme", Day, new string('k', 64), default)).ShouldHaveSingleItem();
        sum.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Append_NewModelsInEveryRecord_KeepsTransactionsWithinAHundredRows()
    {
        var sizes = new List<int>();
        using var transport = new FaultyTransport(1, FaultRates.None);
        transport.Seen = request => sizes.Add(request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) ? Actions(request) : 0);
        var store = Store(azurite.Account(transport: transport));
        var records = Enumerable.Range(0, 130).Select(i => Record(i, model: $"m{i}")).ToArray();

        (await store.AppendAsync("acme", records, default)).ShouldBeEmpty();
        sizes.ShouldAllBe(size => size <= 100);
        sizes.Sum().ShouldBe(260);
        await HoldsExactlyAsync(store, records);
    }

    [Fact]
    public async Task Append_Record_LeavesLegibleRows()
    {
        var account = azurite.Account();
        await Store(account).AppendAsync("acme/eu", [Full() with { Org = "acme/eu" }], default);

        var table = await account.PatientAsync(account.Names.Activity, default);
        var rows = await table.QueryAsync<TableEntity>(row => row.PartitionKey == "acme!2feu|2026-05").ToListAsync();

        var record = rows.Single(row => row.RowKey.StartsWith("record|", StringComparison.Ordinal));
        record.RowKey.ShouldBe("record|2516222447998765432|r000001");
        record["CostNanos"].ShouldBe(1_234_567_890L);
        record["Tier"].ShouldBe("free");
        rows.Single(row => row != record).RowKey.ShouldBe("usage|2026-05-29|free|demo!2fecho|key-odd");
    }

    private static TableActivityStore Store(StorageAccount account, int seed = 1) =>
        new(account, new Backoff(TimeProvider.System, new Random(seed)), new ManualTime(Noon.AddDays(2)));

    private static int Actions(Request request)
    {
        using var body = new MemoryStream();
        request.Content!.WriteTo(body, default);
        return Encoding.UTF8.GetString(body.ToArray()).Split("HTTP/1.1\r\n").Length - 1;
    }

    private static async Task HoldsExactlyAsync(IActivityStore store, ActivityRecord[] records)
    {
        var stored = await store.ReadAllAsync("acme", new ActivityQuery(1000));
        stored.Select(record => record.Id).Order().ShouldBe(records.Select(record => record.Id).Order());
        (await store.SumsAsync("acme", Day, default)).ShouldBe(Sums(records, "acme", Day), ignoreOrder: true);
    }
}

public sealed class TableActivityStoreTestsOnAzurite(AzuriteFixture tables) : TableActivityStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableActivityStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableActivityStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;

using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Tables;

public abstract class StorageAccountTests(TablesFixture azurite)
{
    [Fact]
    public async Task Open_ManyCallersAtOnce_CreatesTheTableOnce()
    {
        var requests = 0;
        using var transport = Transport(FaultRates.None);
        transport.Seen = request => Interlocked.Add(ref requests, request.Uri.Path.EndsWith("/Tables", StringComparison.Ordinal) ? 1 : 0);
        var account = azurite.Account(transport: transport);

        var tables = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => account.StrictAsync(account.Names.Ledger, default).AsTask()));
        await account.PatientAsync(account.Names.Ledger, default);

        await tables[0].AddEntityAsync(new TableEntity("a", "b"));
        requests.ShouldBe(1);
    }

    [Fact]
    public async Task Open_StorageWasDownAtFirst_WorksWhenItIsBack()
    {
        using var transport = Transport(FaultRates.None);
        transport.Down = true;
        var account = azurite.Account(transport: transport);
        var error = await Should.ThrowAsync<Exception>(async () => await account.StrictAsync(account.Names.Keys, default));
        StorageFault.Is(error, default, out var fault).ShouldBeTrue();
        fault.Kind.ShouldBe(StorageFaultKind.Unknown);

        transport.Down = false;

        var table = await account.StrictAsync(account.Names.Keys, default);
        await table.AddEntityAsync(new TableEntity("a", "b"));
    }

    [Fact]
    public async Task Keys_OfAnyText_NameTheirRow()
    {
        var account = azurite.Account();
        var table = await account.StrictAsync(account.Names.Keys, default);
        string[] texts = ["a/b:c", "50%'s", "#?\\|!", "ü \u3042 \U0001f600", "\ud800", "\t\n\u0085", "a+b&c=d;e@f,$g", "dot.", " space ", "%2f", "\ufeff"];
        foreach (var (text, index) in texts.Select((text, index) => (text, index)))
        {
            var (partition, row) = (TableKey.Join("org", text), TableKey.Join(text, "row"));
            await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity(partition, row) { ["Index"] = index })]);
            var read = await table.GetEntityAsync<TableEntity>(partition, row);
            read.Value.GetInt32("Index").ShouldBe(index);
            TableKey.Split(read.Value.RowKey)[0].ShouldBe(text);
            var found = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey eq {row}")).ToListAsync();
            found.ShouldHaveSingleItem();
        }
    }

    private static FaultyTransport Transport(FaultRates rates) => new(1, rates);
}

public sealed class StorageAccountTestsOnAzurite(AzuriteFixture tables) : StorageAccountTests(tables), IClassFixture<AzuriteFixture>;

public sealed class StorageAccountTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : StorageAccountTests(tables), IClassFixture<EmbeddedTablesFixture>;

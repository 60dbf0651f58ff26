using Freeway.Adapters.Ledger;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Adapters.Tests.Ledger;

public abstract class TableInstanceStoreTests(TablesFixture azurite) : InstanceStoreContract
{
    [Fact]
    public async Task Calls_StorageIsDown_Throw()
    {
        using var transport = new FaultyTransport(1, FaultRates.None) { Down = true };
        var store = new TableInstanceStore(azurite.Account(transport: transport));

        await Should.ThrowAsync<IOException>(store.BeatAsync("one", DateTimeOffset.UnixEpoch, null, CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.RegisterAsync("one", "acme", CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.ListAsync(CancellationToken.None));
        await Should.ThrowAsync<IOException>(store.OrgsAsync("one", CancellationToken.None));
    }

    protected override Task<IInstanceStore> OpenAsync() => Task.FromResult<IInstanceStore>(new TableInstanceStore(azurite.Account()));
}

public sealed class TableInstanceStoreTestsOnAzurite(AzuriteFixture tables) : TableInstanceStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableInstanceStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableInstanceStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;

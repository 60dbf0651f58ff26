using Freeway.Adapters.Ledger;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Adapters.Tests.Ledger;

public abstract class TableRepeatStoreTests(TablesFixture azurite) : RepeatStoreContract
{
    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(new TableLedgerStore(azurite.Account()));
}

public sealed class TableRepeatStoreTestsOnAzurite(AzuriteFixture tables) : TableRepeatStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableRepeatStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableRepeatStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;

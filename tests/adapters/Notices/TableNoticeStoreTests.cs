using Freeway.Adapters.Notices;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Notices;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Notices;

public abstract class TableNoticeStoreTests(TablesFixture tables) : NoticeStoreContract
{
    protected override INoticeStore NewStore() =>
        new TableNoticeStore(tables.Account(), new OptimisticWrite(new Backoff(TimeProvider.System, new Random(1))));
}

public sealed class TableNoticeStoreTestsOnAzurite(AzuriteFixture tables) : TableNoticeStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableNoticeStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableNoticeStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;

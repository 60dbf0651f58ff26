using Freeway.Adapters.Ledger;
using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Adapters.Tests.Ledger;

public sealed class TableRepeatStoreTests(AzuriteFixture azurite) : RepeatStoreContract, IClassFixture<AzuriteFixture>
{
    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(new TableLedgerStore(azurite.Account()));
}

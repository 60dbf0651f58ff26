using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class InMemoryRepeatStoreTests : RepeatStoreContract
{
    protected override Task<ILedgerStore> OpenAsync() => Task.FromResult<ILedgerStore>(new InMemoryLedgerStore());
}

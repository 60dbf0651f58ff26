using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

public sealed class InMemoryInstanceStoreTests : InstanceStoreContract
{
    protected override Task<IInstanceStore> OpenAsync() => Task.FromResult<IInstanceStore>(new InMemoryInstanceStore());
}

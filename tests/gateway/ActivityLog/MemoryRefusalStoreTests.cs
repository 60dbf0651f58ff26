using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class MemoryRefusalStoreTests : RefusalStoreContract
{
    protected override IRefusalStore NewStore() => new MemoryRefusalStore();
}

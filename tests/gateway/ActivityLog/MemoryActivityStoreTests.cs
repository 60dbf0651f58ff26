using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class MemoryActivityStoreTests : ActivityStoreContract
{
    protected override IActivityStore NewStore() => new MemoryActivityStore();
}

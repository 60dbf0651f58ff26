using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>Looks every minute for request rows of this instance that nothing answers for.</summary>
public sealed class LeftRowsWorker(LeftRows rows, TimeProvider clock, ILogger<LeftRowsWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(1), clock, logger)
{
    protected override Task WorkAsync(CancellationToken stopping) => rows.RunAsync(stopping);
}

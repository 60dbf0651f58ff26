using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Telemetry;

/// <summary>Looks at the alarms while the process runs, so that they are measured and logged where nobody asks.</summary>
// A little more than the board's own minute, or every second turn would come a moment too early.
public sealed class AlarmKeeper(AlarmBoard board, TimeProvider clock, ILogger<AlarmKeeper> logger)
    : PeriodicWorker(AlarmBoard.Every + TimeSpan.FromSeconds(1), clock, logger)
{
    protected override Task WorkAsync(CancellationToken stopping) => board.LookAsync(stopping);
}

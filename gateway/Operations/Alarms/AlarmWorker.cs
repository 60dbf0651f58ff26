using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Operations.Alarms;

/// <summary>
/// Looks at the alarms while the process runs, so that they are measured and logged where nobody asks.
/// </summary>
// A little more than the board's own minute, or every second turn would come a moment too early.
public sealed class AlarmWorker(AlarmBoard board, TimeProvider clock, ILogger<AlarmWorker> logger)
    : PeriodicWorker(AlarmBoard.Every + TimeSpan.FromSeconds(1), clock, logger)
{
    protected override Task WorkAsync(CancellationToken stopping) => board.LookAsync(stopping);
}

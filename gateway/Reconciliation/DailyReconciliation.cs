using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Reconciliation;

/// <summary>Compares the books of all orgs over yesterday and today, and repairs nothing.</summary>
public sealed class DailyReconciliation(Reconciler reconciler) : IClosingStep
{
    private const int Days = 2;

    public Task RunAsync(CancellationToken cancellation) => reconciler.RunAsync(Days, repair: false, cancellation);
}

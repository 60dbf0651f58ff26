using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Reconciliation;

/// <summary>Where the books are, and how they are compared.</summary>
/// <param name="LookBackDays">How many past days every closing looks at again; what comes late there is no drift.</param>
internal sealed record Books(IActivityStore Activity, IUsageStore Usage, ILedgerStore Ledger, ReconciliationOptions Options, int LookBackDays);

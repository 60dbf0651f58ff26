using Freeway.Gateway.Core;

namespace Freeway.Gateway.Policies;

/// <summary>How long a limit's amount lasts. All windows are of UTC.</summary>
public enum LimitWindow
{
    Minute,
    Hour,
    Day,
    Month,

    /// <summary>30 days from the first use, then 30 days from the first use after that.</summary>
    [WireName("rolling_30_days", "rolling-30-days", "rolling30_days")]
    Rolling30Days,
    Lifetime,

    /// <summary>No window: what is taken is a lease, which ends with its request or expires.</summary>
    None,
}

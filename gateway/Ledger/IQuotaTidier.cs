namespace Freeway.Gateway.Ledger;

/// <summary>
/// Resets an org's quota entities whose window has passed, so that they read as what they are worth, and purges what counts
/// no more. Housekeeping only: such rows count for nothing whether or not they were tidied. Safe late, twice, half-way, and beside requests and other instances.
/// </summary>
public interface IQuotaTidier
{
    /// <summary>How many entities were stale and are now of the window of <paramref name="now"/>.</summary>
    /// <exception cref="IOException">The ledger is out of reach; what is left is tidied by the next run.</exception>
    Task<int> TidyAsync(string org, DateTimeOffset now, CancellationToken cancellation);
}

namespace Freeway.Gateway.Plans;

/// <summary>
/// The limit on the counters that an organisation begins for end users in a UTC day. A request takes one for each of
/// its counters that is not there yet, so whoever invents end users cannot fill the ledger, and those who are known are
/// served.
/// </summary>
public static class EndUserRows
{
    /// <summary>
    /// The ledger's row of the counters that were begun. No plan has a name with an underscore in it.
    /// </summary>
    public const string Source = "end_users.new";

    private const string Subject = "*";

    /// <param name="perDay">How many may be begun in a day.</param>
    public static BoundLimit Bound(long perDay) => new(
        Source, Subject, new Limit("new", LimitUnit.EndUserRows, perDay, LimitWindow.Day, LimitScope.Org));
}

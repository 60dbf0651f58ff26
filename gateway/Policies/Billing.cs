namespace Freeway.Gateway.Policies;

/// <summary>Who pays for what a plan's gifts do not cover.</summary>
public enum Billing
{
    /// <summary>Nobody: requests of the plan cost nothing.</summary>
    Free,

    /// <summary>The account, as far as its balance reaches.</summary>
    Prepaid,

    /// <summary>The account, without a bound; what it spends is booked.</summary>
    Postpaid,
}

namespace Freeway.Gateway.Identity;

/// <summary>The account that owns quotas. All its keys and members share them.</summary>
/// <param name="Id">1 to 64 characters, stable for ever: it is the ledger's partition key.</param>
public sealed record Org(string Id, string Name, bool Disabled = false)
{
    /// <summary>The plan of its requests on bare ids; null for the catalogue's default.</summary>
    public string? Plan { get; init; }

    /// <summary>Set by the billing rule of its plan, e.g. by a top-up of 5 USD or more.</summary>
    public bool Premium { get; init; }

    public bool PhoneVerified { get; init; }

    /// <summary>A level that the operator gives, e.g. <c>pro</c>; plans may ask for it.</summary>
    public string? UserTier { get; init; }

    /// <summary>All its purchases in nano-dollars, as the ledger had them at the last top-up; it never falls.</summary>
    public long PurchasedNanos { get; init; }

    /// <summary>The widest overflow of its requests; null for as far as the plan allows.</summary>
    public Overflow? Overflow { get; init; }

    /// <summary>
    /// The most that it may spend in a calendar month, in nano-dollars; null for no ceiling but its balance.
    /// </summary>
    public long? MonthlyCeilingNanos { get; init; }

    /// <summary>The sign-up of the person who made the organisation; null where an operator made it.</summary>
    public OrgSignUp? SignUp { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>
    /// The time at which it was removed, all its keys with it; null while it is not. It can be restored, and its id is
    /// not given again.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Records how a person made an organisation, and which terms the person accepted.</summary>
/// <param name="Terms">The version of the terms, as the settings named it.</param>
/// <param name="AcceptedAt">The time of the acceptance.</param>
public sealed record OrgSignUp(string Terms, DateTimeOffset AcceptedAt)
{
    /// <summary>The provider that vouched for the person; null where an invitation alone did.</summary>
    public string? Issuer { get; init; }

    /// <summary>The id of the last invitation that the person accepted; null for none.</summary>
    public string? Invitation { get; init; }
}

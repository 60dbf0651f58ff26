namespace Freeway.Gateway.Plans;

/// <summary>
/// The limits that pay: what was bought, and what may be spent of it in a month. Nano-dollars throughout.
/// </summary>
public static class Account
{
    /// <summary>
    /// The ledger's row of what an org has bought (its limit), spent (used) and holds for requests under way
    /// (reserved).
    /// </summary>
    public const string Source = "account";

    /// <summary>The name that no plan may have: the sources of its limits would be those of the ceilings.</summary>
    public const string CeilingPlan = "ceiling";

    public const string OrgCeilingSource = "ceiling.org";

    public const string KeyCeilingSource = "ceiling.key";

    public static BoundLimit Prepaid { get; } =
        new(Source, "*", new Limit(Source, LimitUnit.NanoDollars, 0, LimitWindow.Lifetime, LimitScope.Org) { IsPurchased = true });

    /// <summary>The account's row without a bound: what is spent is booked.</summary>
    public static BoundLimit Postpaid { get; } =
        new(Source, "*", new Limit(Source, LimitUnit.NanoDollars, long.MaxValue, LimitWindow.Lifetime, LimitScope.Org));

    public static BoundLimit OrgCeiling(long nanos) =>
        new(OrgCeilingSource, "*", new Limit("org", LimitUnit.NanoDollars, nanos, LimitWindow.Month, LimitScope.Org));

    public static BoundLimit KeyCeiling(string keyId, long nanos) =>
        new(KeyCeilingSource, keyId, new Limit("key", LimitUnit.NanoDollars, nanos, LimitWindow.Month, LimitScope.Key));

    /// <summary>
    /// Tells whether a limit says what money may be spent, by its source: what was bought, or a ceiling of an
    /// organisation or key.
    /// </summary>
    public static bool Pays(string source) => source is Source or OrgCeilingSource or KeyCeilingSource;
}

/// <summary>The payer of what a plan's gifts do not cover.</summary>
public enum Billing
{
    /// <summary>Nobody: requests of the plan cost nothing.</summary>
    Free,

    /// <summary>The account, as far as its balance reaches.</summary>
    Prepaid,

    /// <summary>The account, without a bound; what it spends is booked.</summary>
    Postpaid,
}

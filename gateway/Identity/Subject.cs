namespace Freeway.Gateway.Identity;

/// <summary>The thing that a command changes.</summary>
/// <param name="Id">Unique within its kind; a key's within its org.</param>
/// <param name="Org">Whose it is; an org's own id for the org itself; null where it is the gateway's.</param>
public sealed record Subject(SubjectKind Kind, string Id, string? Org = null)
{
    /// <summary>
    /// Gets the subject's place among those of its kind: its id, behind the organisation's where it belongs to one.
    /// </summary>
    public IReadOnlyList<string> Path => Org is null || Kind is SubjectKind.Org or SubjectKind.Webhook ? [Id] : [Org, Id];

    public static Subject OfOrg(string id) => new(SubjectKind.Org, id, id);

    public static Subject OfKey(string org, string id) => new(SubjectKind.Key, id, org);

    public static Subject OfManagementKey(string id) => new(SubjectKind.ManagementKey, id);

    public static Subject OfInvitation(string id) => new(SubjectKind.Invitation, id);

    /// <param name="day">The UTC day.</param>
    public static Subject OfSignUps(DateOnly day) =>
        new(SubjectKind.SignUps, day.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    public static Subject OfCredits(string org) => new(SubjectKind.Credits, org, org);
}

/// <summary>
/// Lists the kinds of documents that an operator can change. Each kind is stored apart, under its name in snake case.
/// </summary>
public enum SubjectKind
{
    Org,

    /// <summary>An API key.</summary>
    Key,

    ManagementKey,

    /// <summary>An org's account.</summary>
    Credits,

    /// <summary>The catalogue: models, plans, upstreams.</summary>
    Catalogue,

    /// <summary>The books: closing of days, reconciliation, retention.</summary>
    Books,

    /// <summary>The address to which the notices of an organisation, or of the deployment, are sent.</summary>
    Webhook,

    /// <summary>An invitation to sign up.</summary>
    Invitation,

    /// <summary>The people who signed up on one UTC day.</summary>
    SignUps,
}

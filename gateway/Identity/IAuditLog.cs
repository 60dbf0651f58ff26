namespace Freeway.Gateway.Identity;

/// <summary>Reads what <see cref="IDocumentStore"/> wrote down. Outage stance: it throws.</summary>
public interface IAuditLog
{
    /// <summary>Records of all kinds, newest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<AuditPage> ListAsync(AuditQuery query, CancellationToken cancellation);
}

/// <summary>Records who changed what, and when. It holds no secret and no secret's hash.</summary>
/// <param name="Id">Also the revision of the document that the change made.</param>
/// <param name="By">The id of the management key; <c>freeway</c> for what the gateway does by itself.</param>
/// <param name="Action">Kind and verb, e.g. <c>key.rotate</c>.</param>
/// <param name="Before">As JSON; null where there was nothing.</param>
/// <param name="After">As JSON; null where there is nothing.</param>
public sealed record AuditRecord(string Id, DateTimeOffset Time, string By, string Action, Subject Subject, string? Before, string? After);

/// <summary>A page of the audit.</summary>
/// <param name="Next">Where the next one begins; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditRecord> Records, AuditPosition? Next);

/// <summary>Selects the audit records to read, newest first. A null does not narrow.</summary>
/// <param name="Limit">1 to 1000.</param>
public sealed record AuditQuery(int Limit)
{
    public SubjectKind? Kind { get; init; }

    /// <summary>The subject's id.</summary>
    public string? Id { get; init; }

    public string? Org { get; init; }

    /// <summary>The id of the management key.</summary>
    public string? By { get; init; }

    /// <summary>The earliest time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, not included.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The last record of the page before.</summary>
    public AuditPosition? After { get; init; }
}

namespace Freeway.Gateway.Audit;

/// <summary>Which audit records are wanted, newest first; what is null does not narrow.</summary>
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

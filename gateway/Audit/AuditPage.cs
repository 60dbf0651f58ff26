namespace Freeway.Gateway.Audit;

/// <summary>A page of the audit.</summary>
/// <param name="Next">Where the next one begins; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditRecord> Records, AuditPosition? Next);

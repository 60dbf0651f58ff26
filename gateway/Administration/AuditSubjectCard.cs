namespace Freeway.Gateway.Administration;

/// <summary>What was changed.</summary>
/// <param name="Org">Whose it is; left out where it is the gateway's.</param>
public sealed record AuditSubjectCard(string Kind, string Id, string? Org);

namespace Freeway.Gateway.Audit;

/// <summary>A command that was carried out before.</summary>
/// <param name="Revision">The id of the change that it led to.</param>
public sealed record OnceRecord(Once Once, Subject Subject, string Revision);

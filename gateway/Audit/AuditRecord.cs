namespace Freeway.Gateway.Audit;

/// <summary>Who changed what, and when. It holds no secret and no secret's hash.</summary>
/// <param name="Id">Also the revision of the document that the change made.</param>
/// <param name="By">The id of the management key; <c>freeway</c> for what the gateway does by itself.</param>
/// <param name="Action">Kind and verb, e.g. <c>key.rotate</c>.</param>
/// <param name="Before">As JSON; null where there was nothing.</param>
/// <param name="After">As JSON; null where there is nothing.</param>
public sealed record AuditRecord(string Id, DateTimeOffset Time, string By, string Action, Subject Subject, string? Before, string? After);

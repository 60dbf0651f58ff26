using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;

namespace Freeway.Gateway.Administration;

/// <summary>One change: who made it, when, and what it changed.</summary>
/// <param name="By">The id of the management key; <c>settings</c> for the one in the settings, <c>freeway</c> for the gateway itself.</param>
/// <param name="Action">Kind and verb, e.g. <c>key.rotate</c>.</param>
/// <param name="Before">As it was, as it was answered then; null where there was nothing.</param>
/// <param name="After">As it is then; null where there is nothing.</param>
public sealed record AuditCard(
    string Id,
    DateTimeOffset Time,
    string By,
    string Action,
    AuditSubjectCard Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? After)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "audit_record";

    internal static AuditCard Of(AuditRecord record) => new(
        record.Id,
        record.Time,
        record.By,
        record.Action,
        new AuditSubjectCard(record.Subject.Kind.WireName(), record.Subject.Id, record.Subject.Org),
        Json(record, record.Before),
        Json(record, record.After));

    /// <summary>Orgs and keys as they are answered; what others note, as they noted it.</summary>
    private static JsonElement? Json(AuditRecord record, string? text) => text is null ? null : record.Subject.Kind switch
    {
        SubjectKind.Org => JsonSerializer.SerializeToElement(AdminOrgCard.Of(KeyAudits.Org(text)), AdministrationJson.Default.AdminOrgCard),
        SubjectKind.Key => JsonSerializer.SerializeToElement(AdminKeyCard.Of(KeyAudits.Key(text), record.Time), AdministrationJson.Default.AdminKeyCard),
        SubjectKind.ManagementKey => JsonSerializer.SerializeToElement(ManagementKeyCard.Of(KeyAudits.ManagementKey(text)), AdministrationJson.Default.ManagementKeyCard),
        _ => JsonElement.Parse(text),
    };
}

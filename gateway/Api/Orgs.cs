using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>Lists and finds organisations, for the operator.</summary>
public sealed class OrgQueries(IDocumentStore documents)
{
    public Task<Result<Page<AdminOrgResponse>>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(
            documents, SubjectKind.Org, null, document => KeyDocuments.Org(document), org => org.DeletedAt is null,
            AdminOrgResponse.Of, cancellation);

    public async Task<Result<DocumentResult<AdminOrgResponse>>> FindAsync(string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfOrg(id), cancellation) is { } found
            ? AdminOrgResponse.Of(found)
            : Refuse.NotFound("organisation of this id");
}

/// <summary>
/// Creates, changes and deletes organisations: who they are, what they may, and whether they may at all.
/// </summary>
public sealed class OrgCommands(DocumentWriter writer, IPlanSource plans, TimeProvider clock)
{
    public async Task<Result<DocumentResult<AdminOrgResponse>>> CreateAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("id");
        var id = fields.Id();
        var now = clock.GetUtcNow();
        var org = OrgFields.Read(
            fields, new Org(id ?? "", id ?? "") { CreatedAt = now }, await plans.TakePlansAsync(cancellation), now);
        return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors)
            : Shown(await writer.CreateAsync(
                command, "org.create", Subject.OfOrg(org.Id), KeyDocuments.Draft(null, org), cancellation));
    }

    public async Task<Result<DocumentResult<AdminOrgResponse>>> ChangeAsync(
        AdminCommand command, string id, CancellationToken cancellation)
    {
        var book = await plans.TakePlansAsync(cancellation);
        return Shown(await writer.ChangeAsync(command, "org.change", Subject.OfOrg(id), was =>
        {
            if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
            {
                return refusal;
            }

            var before = KeyDocuments.Org(was);
            var after = OrgFields.Read(fields, before, book, clock.GetUtcNow());
            return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors)
                : after == before ? (Result<DocumentDraft>?)null
                : KeyDocuments.Draft(before, after);
        }, cancellation));
    }

    /// <summary>Takes an org away, and with it its keys. Its account and its activity stay.</summary>
    public async Task<Result<DocumentResult<AdminOrgResponse>>> DeleteAsync(AdminCommand command, string id, CancellationToken cancellation) => Shown(
        await writer.ChangeAsync(command, "org.delete", Subject.OfOrg(id), was =>
        {
            var before = KeyDocuments.Org(was);
            return before.DeletedAt is null ? KeyDocuments.Draft(before, before with { DeletedAt = clock.GetUtcNow() }) : (Result<DocumentDraft>?)null;
        }, cancellation));

    private static Result<DocumentResult<AdminOrgResponse>> Shown(Result<WriteResult> decision) =>
        decision.Accepted(out var written, out var refusal)
            ? AdminOrgResponse.Of(written.Document!) with { IsReplay = written.IsReplay }
            : refusal;
}

/// <summary>Reads an org, or what is to change about one: what is left out stays, what is null is taken away.</summary>
internal static class OrgFields
{
    private const int LongestTier = 64;

    /// <summary>The org as it shall be.</summary>
    public static Org Read(FieldReader fields, Org was, PlanBook plans, DateTimeOffset now)
    {
        var plan = fields.Text("plan", AdminFields.LongestName);
        if (plan is not null && plans.Find(plan) is null)
        {
            var names = plans.All.Append(PlanBook.PayAsYouGo).Select(one => one.Name).Distinct();
            fields.Add("plan", $"names no plan of the catalogue; there are {string.Join(", ", names)}");
        }

        var (tier, overflow, ceiling) = (
            fields.Text("user_tier", LongestTier), fields.Overflow(), fields.Usd("monthly_ceiling_usd"));
        var org = was with
        {
            Name = fields.Needed("name", fields.Text("name", AdminFields.LongestName), was.Name),
            Plan = fields.Has("plan") ? plan : was.Plan,
            Premium = fields.Needed("premium", fields.Flag("premium"), was.Premium) ?? false,
            PhoneVerified = fields.Needed("phone_verified", fields.Flag("phone_verified"), was.PhoneVerified) ?? false,
            UserTier = fields.Has("user_tier") ? tier : was.UserTier,
            Overflow = fields.Has("overflow") ? overflow : was.Overflow,
            MonthlyCeilingNanos = fields.Has("monthly_ceiling_usd") ? ceiling : was.MonthlyCeilingNanos,
            Disabled = fields.Needed("disabled", fields.Flag("disabled"), was.Disabled) ?? false,
            DeletedAt = fields.DeletedAt(was.DeletedAt, now),
        };
        fields.Close();
        return org;
    }
}

/// <summary>An org as the operator sees it.</summary>
/// <param name="Plan">Of its requests on bare ids; null for the catalogue's default.</param>
/// <param name="PurchasedUsd">All that it has ever bought, as plans ask for it.</param>
/// <param name="Overflow">How far its requests may overflow; null for as far as their plan allows.</param>
/// <param name="MonthlyCeilingUsd">What it may spend in a calendar month; null for no ceiling but its balance.</param>
/// <param name="DeletedAt">When it was taken away; left out while it is not.</param>
public sealed record AdminOrgResponse(
    string Id,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Plan,
    bool Premium,
    bool PhoneVerified,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserTier,
    string PurchasedUsd,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Overflow,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? MonthlyCeilingUsd,
    bool Disabled,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "org";

    /// <summary>
    /// The sign-up of the person who made the organisation, with the accepted terms; left out where an operator made it.
    /// </summary>
    public OrgSignUp? SignUp { get; init; }

    internal static DocumentResult<AdminOrgResponse> Of(Document document) =>
        new(Of(KeyDocuments.Org(document)), document.Revision);

    internal static AdminOrgResponse Of(Org org) => new(
        org.Id,
        org.Name,
        org.Plan,
        org.Premium,
        org.PhoneVerified,
        org.UserTier,
        Money.Format(org.PurchasedNanos),
        org.Overflow?.WireName(),
        AdminFields.Usd(org.MonthlyCeilingNanos),
        org.Disabled,
        org.CreatedAt,
        org.DeletedAt)
    {
        SignUp = org.SignUp,
    };
}

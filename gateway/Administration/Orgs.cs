using Freeway.Gateway.Audit;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;

namespace Freeway.Gateway.Administration;

/// <summary>Organisations: who they are, what they may, and whether they may at all.</summary>
public sealed class Orgs(IDocumentStore documents, Filing filing, IPlanSource plans, TimeProvider clock)
{
    public Task<Decision<Page<AdminOrgCard>>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(documents, SubjectKind.Org, null, document => KeyDocuments.Org(document), org => org.DeletedAt is null, AdminOrgCard.Of, cancellation);

    public async Task<Decision<Revised<AdminOrgCard>>> FindAsync(string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfOrg(id), cancellation) is { } found
            ? Shown(found)
            : Refuse.NotFound("organisation of this id");

    public async Task<Decision<Revised<AdminOrgCard>>> CreateAsync(Command command, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("id");
        var id = fields.Id();
        var now = clock.GetUtcNow();
        var org = OrgFields.Read(fields, new Org(id ?? "", id ?? "") { CreatedAt = now }, await plans.TakePlansAsync(cancellation), now);
        return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors)
            : Shown(await filing.CreateAsync(command, "org.create", Subject.OfOrg(org.Id), KeyDocuments.Draft(null, org), cancellation));
    }

    public async Task<Decision<Revised<AdminOrgCard>>> ChangeAsync(Command command, string id, CancellationToken cancellation)
    {
        var book = await plans.TakePlansAsync(cancellation);
        return Shown(await filing.ChangeAsync(command, "org.change", Subject.OfOrg(id), was =>
        {
            if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
            {
                return refusal;
            }

            var before = KeyDocuments.Org(was);
            var after = OrgFields.Read(fields, before, book, clock.GetUtcNow());
            return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors)
                : after == before ? (Decision<Draft>?)null
                : KeyDocuments.Draft(before, after);
        }, cancellation));
    }

    /// <summary>Takes an org away, and with it its keys. Its account and its activity stay.</summary>
    public async Task<Decision<Revised<AdminOrgCard>>> DeleteAsync(Command command, string id, CancellationToken cancellation) => Shown(
        await filing.ChangeAsync(command, "org.delete", Subject.OfOrg(id), was =>
        {
            var before = KeyDocuments.Org(was);
            return before.DeletedAt is null ? KeyDocuments.Draft(before, before with { DeletedAt = clock.GetUtcNow() }) : (Decision<Draft>?)null;
        }, cancellation));

    private static Decision<Revised<AdminOrgCard>> Shown(Decision<Filed> decision) =>
        decision.Accepted(out var filed, out var refusal) ? Shown(filed.Document!) with { IsReplay = filed.IsReplay } : refusal;

    private static Revised<AdminOrgCard> Shown(Document document) => new(AdminOrgCard.Of(KeyDocuments.Org(document)), document.Revision);
}

using Freeway.Gateway.Audit;
using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;

namespace Freeway.Gateway.Administration;

/// <summary>Management keys beside the one in the settings. None may be made, or become, stronger than who makes it.</summary>
public sealed class ManagementKeys(IDocumentStore documents, ISecretStore secrets, Filing filing, IdSource ids, TimeProvider clock)
{
    public Task<Decision<Page<ManagementKeyCard>>> ListAsync(ListQuery query, CancellationToken cancellation) => query.RunAsync(
        documents, SubjectKind.ManagementKey, null, document => KeyDocuments.ManagementKey(document).Key, key => key.DeletedAt is null, ManagementKeyCard.Of, cancellation);

    public async Task<Decision<Revised<ManagementKeyCard>>> FindAsync(string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfManagementKey(id), cancellation) is { } found ? Shown(found) : Refuse.NotFound("management key of this id");

    /// <summary>The answer has the secret, once; a repeat under the same <c>Idempotency-Key</c> has not.</summary>
    public async Task<Decision<Revised<ManagementKeyCard>>> CreateAsync(Command command, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        fields.Require("scopes");
        var (given, now) = (fields.Id(), clock.GetUtcNow());
        var id = given ?? ids.Next();
        var key = ManagementKeyFields.Read(fields, new ManagementKey(id, id, []) { CreatedAt = now, CreatedBy = command.By.Id }, now);
        if (key.ExpiresAt <= now)
        {
            fields.Add("expires_at", "must be in the future");
        }

        if (IsReserved(id))
        {
            fields.Add("id", "is taken by the gateway itself");
        }

        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        if (Beyond(command.By, key) is { } stronger)
        {
            return stronger;
        }

        var (secret, subject) = (KeySecret.Create(KeyType.Management), Subject.OfManagementKey(id));
        await secrets.SaveAsync(KeyHash.Of(secret), subject, cancellation);
        var draft = KeyDocuments.Draft(null, new ManagementKeyDocument(key, [new StoredSecret(KeyHash.Of(secret))]));
        return Shown(await filing.CreateAsync(command, "management_key.create", subject, draft, cancellation), secret);
    }

    public Task<Decision<Revised<ManagementKeyCard>>> ChangeAsync(Command command, string id, CancellationToken cancellation) =>
        ChangeAsync(command, "management_key.change", id, was =>
        {
            if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
            {
                return refusal;
            }

            var key = ManagementKeyFields.Read(fields, was.Key, clock.GetUtcNow());
            return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors)
                : Beyond(command.By, key) is { } stronger ? stronger
                : KeyDocuments.Changed(was, was with { Key = key });
        }, cancellation);

    public Task<Decision<Revised<ManagementKeyCard>>> DeleteAsync(Command command, string id, CancellationToken cancellation) => ChangeAsync(
        command, "management_key.delete", id,
        was => KeyDocuments.Changed(was, was with { Key = was.Key with { DeletedAt = was.Key.DeletedAt ?? clock.GetUtcNow() } }),
        cancellation);

    private async Task<Decision<Revised<ManagementKeyCard>>> ChangeAsync(
        Command command, string action, string id, Func<ManagementKeyDocument, Decision<Draft>?> change, CancellationToken cancellation) => IsReserved(id)
            ? Refuse.Conflict("This key is in the settings (Freeway__AdminKeyHash). Change it there.")
            : Shown(await filing.ChangeAsync(command, action, Subject.OfManagementKey(id), was => change(KeyDocuments.ManagementKey(was)), cancellation));

    private static bool IsReserved(string id) => id == Operator.OfSettings.Id || id == Operator.Freeway.Id;

    /// <summary>What the key could do and its maker cannot.</summary>
    private static Refusal? Beyond(Operator maker, ManagementKey key) =>
        key.Scopes.Where(scope => !maker.May(scope)).Select(scope => Refuse.InsufficientScope(scope.WireName())).FirstOrDefault();

    private static Decision<Revised<ManagementKeyCard>> Shown(Decision<Filed> decision, string? secret = null)
    {
        if (!decision.Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        var shown = Shown(filed.Document!);
        return filed.IsReplay ? shown with { IsReplay = true } : shown with { Card = shown.Card with { Secret = secret } };
    }

    private static Revised<ManagementKeyCard> Shown(Document document) => new(ManagementKeyCard.Of(KeyDocuments.ManagementKey(document).Key), document.Revision);
}

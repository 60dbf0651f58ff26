using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;

namespace Freeway.Gateway.Api;

/// <summary>Lists and finds the API keys of an organisation, for the operator.</summary>
public sealed class ApiKeyQueries(IDocumentStore documents, TimeProvider clock)
{
    public async Task<Result<Page<AdminKeyResponse>>> ListAsync(
        string org, ListQuery query, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfOrg(org), cancellation) is null ? ApiKeyCommands.NoOrg()
            : await query.RunAsync(
                documents, SubjectKind.Key, org, KeyDocuments.Key, key => key.Key.DeletedAt is null, key => AdminKeyResponse.Of(key, clock.GetUtcNow()), cancellation);

    public async Task<Result<DocumentResult<AdminKeyResponse>>> FindAsync(
        string org, string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfKey(org, id), cancellation) is { } found ? AdminKeyResponse.Of(found, clock.GetUtcNow()) : Refuse.NotFound("key of this id");
}

/// <summary>
/// Creates, changes, rotates and deletes the API keys of an organisation. A secret's pointer is written before the
/// key's document has it: what a crash leaves between the two is a pointer that opens nothing.
/// </summary>
public sealed class ApiKeyCommands(
    IDocumentStore documents, ISecretStore secrets, DocumentWriter writer, IResponseStore responses, IdSource ids,
    TimeProvider clock)
{
    /// <summary>Secrets of one key that may work at the same time.</summary>
    private const int MostSecrets = 10;

    private const long DefaultOverlap = 24 * 3600;
    private const long LongestOverlap = 30 * 24 * 3600;

    /// <summary>The answer has the secret, once; a repeat under the same <c>Idempotency-Key</c> has not.</summary>
    public async Task<Result<DocumentResult<AdminKeyResponse>>> CreateAsync(
        AdminCommand command, string org, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var (given, now) = (fields.Id(), clock.GetUtcNow());
        var id = given ?? ids.Next();
        var key = KeyFields.Read(fields, new ApiKey(id, org, id) { CreatedAt = now, CreatedBy = command.By.Id }, now);
        if (key.ExpiresAt <= now)
        {
            fields.Add("expires_at", "must be in the future");
        }

        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        if (await documents.FindAsync(Subject.OfOrg(org), cancellation) is not { } owner)
        {
            return NoOrg();
        }

        if (KeyDocuments.Org(owner).DeletedAt is not null)
        {
            return Refuse.Conflict("This organisation was deleted. Bring it back first.", "org");
        }

        var (secret, subject) = (KeySecret.Create(), Subject.OfKey(org, id));
        await secrets.SaveAsync(KeyHash.Of(secret), subject, cancellation);
        var draft = KeyDocuments.Draft(null, new KeyDocument(key, [new StoredSecret(KeyHash.Of(secret))]));
        return Shown(await writer.CreateAsync(command, "key.create", subject, draft, cancellation), secret);
    }

    public async Task<Result<DocumentResult<AdminKeyResponse>>> ChangeAsync(
        AdminCommand command, string org, string id, CancellationToken cancellation)
    {
        var written = await writer.ChangeAsync(command, "key.change", Subject.OfKey(org, id), was =>
        {
            if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
            {
                return refusal;
            }

            var before = KeyDocuments.Key(was);
            var after = before with { Key = KeyFields.Read(fields, before.Key, clock.GetUtcNow()) };
            return fields.Errors.Count > 0 ? Refuse.InvalidFields(fields.Errors) : KeyDocuments.Changed(before, after);
        }, cancellation);
        await DropResponsesAsync(written, org, id, cancellation);
        return Shown(written);
    }

    /// <summary>
    /// Deletes a key, and then the answers that are stored for it. Where that fails the same command can be sent again;
    /// nobody can read them any more, and they expire.
    /// </summary>
    public async Task<Result<DocumentResult<AdminKeyResponse>>> DeleteAsync(
        AdminCommand command, string org, string id, CancellationToken cancellation)
    {
        var written = await writer.ChangeAsync(command, "key.delete", Subject.OfKey(org, id), was =>
        {
            var before = KeyDocuments.Key(was);
            return KeyDocuments.Changed(
                before,
                before with { Key = before.Key with { DeletedAt = before.Key.DeletedAt ?? clock.GetUtcNow() } });
        }, cancellation);
        await DropResponsesAsync(written, org, id, cancellation);
        return Shown(written);
    }

    /// <summary>
    /// Gives a key a new secret; the old ones work on for as long as the caller says, a day by default.
    /// </summary>
    public async Task<Result<DocumentResult<AdminKeyResponse>>> RotateAsync(
        AdminCommand command, string org, string id, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var overlap = TimeSpan.FromSeconds(fields.Whole("overlap_seconds", 0, LongestOverlap) ?? DefaultOverlap);
        fields.Close();
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        var (secret, subject) = (KeySecret.Create(), Subject.OfKey(org, id));
        if (await documents.FindAsync(subject, cancellation) is null)
        {
            return Refuse.NotFound("key of this id");
        }

        await secrets.SaveAsync(KeyHash.Of(secret), subject, cancellation);
        return Shown(
            await writer.ChangeAsync(
                command, "key.rotate", subject, was => Rotate(KeyDocuments.Key(was), KeyHash.Of(secret), overlap),
                cancellation), secret);
    }

    private Result<DocumentDraft>? Rotate(KeyDocument was, KeyHash secret, TimeSpan overlap)
    {
        if (was.Key.DeletedAt is not null)
        {
            return Refuse.Conflict("This key was deleted. Bring it back first.");
        }

        var now = clock.GetUtcNow();
        // No old secret lasts longer than it did, and those that are over are forgotten.
        var old = was.Secrets.Select(one => one with { EndsAt = one.EndsAt <= now + overlap ? one.EndsAt : now + overlap }).Where(one => one.EndsAt > now).ToList();
        return old.Count >= MostSecrets
            ? Refuse.Conflict($"{MostSecrets} secrets of this key still work. Wait until one ends, or rotate with 'overlap_seconds': 0.", "overlap_seconds")
            : KeyDocuments.Draft(was, was with { Secrets = [new StoredSecret(secret), .. old] });
    }

    /// <summary>Deletes the answers that are stored for a key that has been deleted.</summary>
    private async Task DropResponsesAsync(
        Result<WriteResult> decision, string org, string id, CancellationToken cancellation)
    {
        var isWritten = decision.Accepted(out var written, out _);
        if (isWritten && KeyDocuments.Key(written!.Document!).Key.DeletedAt is not null)
        {
            await responses.DropAsync(org, id, cancellation);
        }
    }

    internal static Refusal NoOrg() => Refuse.NotFound("organisation of this id") with { Param = "org" };

    private Result<DocumentResult<AdminKeyResponse>> Shown(Result<WriteResult> decision, string? secret = null)
    {
        if (!decision.Accepted(out var written, out var refusal))
        {
            return refusal;
        }

        var shown = AdminKeyResponse.Of(written.Document!, clock.GetUtcNow());
        return written.IsReplay ? shown with { IsReplay = true } : shown with { Value = shown.Value with { Secret = secret } };
    }
}

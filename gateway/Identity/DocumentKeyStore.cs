using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>Orgs and keys as documents. A look-up reads whose a secret is, then org and key at once.</summary>
public sealed class DocumentKeyStore(IDocumentStore documents, ISecretStore secrets, DocumentWriter writer, TimeProvider clock) : IKeyStore, IOrgStore
{
    private const int PageSize = 1000;

    public async Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        if (await secrets.FindAsync(hash, cancellation) is not { Kind: SubjectKind.Key, Org: { } owner } subject)
        {
            return null;
        }

        var (looked, org) = (documents.FindAsync(subject, cancellation), documents.FindAsync(Subject.OfOrg(owner), cancellation));
        await Task.WhenAll(looked, org);
        return await looked is { } key && await org is { } of
            ? Caller(KeyDocuments.Org(of), KeyDocuments.Key(key), hash)
            : null;
    }

    public async Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
    {
        var key = Subject.OfKey(caller.Org.Id, caller.Key.Id);
        await secrets.SaveAsync(hash, key, cancellation);
        await writer.PutAsync(AdminCommand.OfFreeway, "org.put", Subject.OfOrg(caller.Org.Id), was =>
            was is null ? KeyDocuments.Draft(null, caller.Org)
            : KeyDocuments.Org(was) is var before && before != caller.Org ? KeyDocuments.Draft(before, caller.Org)
            : (Result<DocumentDraft>?)null, cancellation);
        await writer.PutAsync(AdminCommand.OfFreeway, "key.put", key, was =>
        {
            var before = was is null ? null : KeyDocuments.Key(was);
            return KeyDocuments.Draft(before, new KeyDocument(caller.Key, [new StoredSecret(hash), .. (before?.Secrets ?? []).Where(other => other.Hash != hash)]));
        }, cancellation);
    }

    public async IAsyncEnumerable<Org> ListOrgsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        for (IReadOnlyList<Document> page = []; after is null || page.Count is PageSize;)
        {
            page = await documents.ListAsync(SubjectKind.Org, null, after, PageSize, cancellation);
            foreach (var org in page)
            {
                yield return KeyDocuments.Org(org);
            }

            if (page.Count is 0)
            {
                yield break;
            }

            after = page[^1].Subject.Id;
        }
    }

    public async Task<Org?> FindAsync(string id, CancellationToken cancellation) =>
        await documents.FindAsync(Subject.OfOrg(id), cancellation) is { } found ? KeyDocuments.Org(found) : null;

    public async Task<Org?> ChangeAsync(string id, Func<Org, Org> change, CancellationToken cancellation)
    {
        var decision = await writer.ChangeAsync(AdminCommand.OfFreeway, "org.purchases", Subject.OfOrg(id), was =>
        {
            var before = KeyDocuments.Org(was);
            var after = change(before);
            return after == before ? (Result<DocumentDraft>?)null : KeyDocuments.Draft(before, after);
        }, cancellation);
        return decision.Accepted(out var filed, out var refusal) ? KeyDocuments.Org(filed.Document!)
            : refusal.Code is RefusalCode.NotFound ? null
            : throw new IOException(refusal.Message);
    }

    private Caller? Caller(Org org, KeyDocument key, KeyHash hash)
    {
        if (org.DeletedAt is not null || key.Key.DeletedAt is not null || !key.Secrets.Opens(hash, clock.GetUtcNow()))
        {
            return null;
        }

        // Who remembers the caller for a while must not let the old secret of a rotation live longer.
        var ends = key.Secrets.First(secret => secret.Hash == hash).EndsAt;
        return new Caller(org, ends is not null && !(key.Key.ExpiresAt <= ends) ? key.Key with { ExpiresAt = ends } : key.Key);
    }
}

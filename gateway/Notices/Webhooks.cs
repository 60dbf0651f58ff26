using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Finds who wants to be told. Nothing is remembered: notices are few, and a webhook that was changed counts at once.
/// </summary>
public sealed class Webhooks(IDocumentStore documents)
{
    private const int PageSize = 1000;

    /// <summary>The webhook of an organisation or of the deployment; null where there is none, or it was taken away.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<Webhook?> FindAsync(string target, CancellationToken cancellation) =>
        await documents.FindAsync(WebhookDocuments.SubjectOf(target), cancellation) is { } found
        && WebhookDocuments.Read(found) is { DeletedAt: null } webhook ? webhook : null;

    /// <summary>The webhooks that hear of an organisation, by their targets: the deployment's and its own.</summary>
    /// <param name="org">Null for what is about no organisation.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyDictionary<string, Webhook>> ListenersAsync(string? org, CancellationToken cancellation)
    {
        var listeners = new Dictionary<string, Webhook>(StringComparer.Ordinal);
        foreach (var target in org is null ? [WebhookDocuments.Deployment] : new[] { WebhookDocuments.Deployment, org })
        {
            if (await FindAsync(target, cancellation) is { } webhook)
            {
                listeners.Add(target, webhook);
            }
        }

        return listeners;
    }

    /// <summary>All targets that want a type: what concerns every organisation, e.g. a model that leaves <c>:free</c>.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<string>> WhoWantsAsync(NoticeType type, CancellationToken cancellation)
    {
        var wanting = new List<string>();
        string? after = null;
        for (IReadOnlyList<Document> page = []; after is null || page.Count is PageSize; after = page[^1].Subject.Id)
        {
            page = await documents.ListAsync(SubjectKind.Webhook, null, after, PageSize, cancellation);
            wanting.AddRange(page.Where(found => WebhookDocuments.Read(found).Wants(type)).Select(found => found.Subject.Id));
            if (page.Count is 0)
            {
                break;
            }
        }

        return wanting;
    }
}

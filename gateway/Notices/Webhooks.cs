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

    /// <summary>The targets that want a draft: the deployment, and the organisation that it is about.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<string>> WhoWantsAsync(NoticeDraft draft, CancellationToken cancellation)
    {
        var wanting = new List<string>();
        IReadOnlyList<string> targets =
            draft.Org is { } org ? [WebhookDocuments.Deployment, org] : [WebhookDocuments.Deployment];
        foreach (var target in targets)
        {
            if ((await FindAsync(target, cancellation))?.Wants(draft.Type) is true)
            {
                wanting.Add(target);
            }
        }

        return wanting;
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

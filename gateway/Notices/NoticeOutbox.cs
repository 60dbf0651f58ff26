namespace Freeway.Gateway.Notices;

/// <summary>
/// Takes what is to be told and keeps it, for each webhook that wants it, until it is delivered. To add the same draft
/// again is the same, so whoever is not sure adds it again.
/// </summary>
public sealed class NoticeOutbox(INoticeStore store, Webhooks webhooks, TimeProvider clock)
{
    private int _added = 1;

    /// <summary>
    /// Returns whether something was added here since the last call; the first call of a process returns true.
    /// </summary>
    public bool TakeAdded() => Interlocked.Exchange(ref _added, 0) is not 0;

    /// <summary>Keeps a draft for the deployment's webhook and for that of the organisation that it is about.</summary>
    /// <returns>Whether any webhook wants it.</returns>
    /// <exception cref="IOException">The store is out of reach; add it again.</exception>
    public async Task<bool> AddAsync(NoticeDraft draft, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return await AddAsync(draft, await webhooks.ListenersAsync(draft.Org, cancellation), cancellation);
    }

    /// <summary>Keeps a draft for those of some webhooks that want it.</summary>
    /// <inheritdoc cref="AddAsync(NoticeDraft, CancellationToken)"/>
    public Task<bool> AddAsync(
        NoticeDraft draft, IReadOnlyDictionary<string, Webhook> listeners, CancellationToken cancellation) => AddAsync(
            draft, [.. listeners.Where(one => one.Value.Wants(draft.Type)).Select(one => one.Key)], cancellation);

    /// <summary>Keeps a draft for every webhook that wants its type.</summary>
    /// <exception cref="IOException">The store is out of reach; add it again.</exception>
    public async Task AddForAllAsync(NoticeDraft draft, CancellationToken cancellation) =>
        await AddAsync(draft, await webhooks.WhoWantsAsync(draft.Type, cancellation), cancellation);

    private async Task<bool> AddAsync(NoticeDraft draft, IReadOnlyList<string> targets, CancellationToken cancellation)
    {
        foreach (var target in targets)
        {
            if (await store.AddAsync(Notice.Of(draft, target, clock.GetUtcNow()), cancellation))
            {
                Volatile.Write(ref _added, 1);
            }
        }

        return targets.Count > 0;
    }
}

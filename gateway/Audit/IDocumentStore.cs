namespace Freeway.Gateway.Audit;

/// <summary>
/// What operators administer, each thing one document. There is no way to change one without an audit record.
/// Outage stance: it throws; after an answer that never came the change may be in, and the same command under the same
/// <c>Idempotency-Key</c>, or a look at the document, tells.
/// </summary>
public interface IDocumentStore
{
    /// <summary>The document, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<Document?> FindAsync(Subject subject, CancellationToken cancellation);

    /// <summary>Documents of one kind in the order of their ids.</summary>
    /// <param name="org">Whose; null where documents of this kind are nobody's, or are orgs.</param>
    /// <param name="after">The id after which to begin; null for the first.</param>
    /// <param name="limit">1 to 1000.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<Document>> ListAsync(SubjectKind kind, string? org, string? after, int limit, CancellationToken cancellation);

    /// <summary>The command of this key and kind that was carried out, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<OnceRecord?> FindOnceAsync(SubjectKind kind, string key, CancellationToken cancellation);

    /// <summary>Makes a change whole or not at all.</summary>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer in the time that was left.</exception>
    Task<ChangeOutcome> ApplyAsync(Change change, CancellationToken cancellation);
}

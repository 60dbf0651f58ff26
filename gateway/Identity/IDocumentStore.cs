using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Identity;

/// <summary>
/// Stores what operators administer, each thing as one document. A document and the audit record of its change are
/// written together. Outage stance: it throws. After an answer that never came the change may have been made; to repeat
/// the command with its <c>Idempotency-Key</c>, or to read the document, tells.
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
    Task<CompletedCommand?> FindOnceAsync(SubjectKind kind, string key, CancellationToken cancellation);

    /// <summary>Stores a change whole or not at all.</summary>
    /// <exception cref="IOException">
    /// The store is out of reach, or gave no certain answer in the time that was left.
    /// </exception>
    Task<DocumentChangeOutcome> ApplyAsync(DocumentChange change, CancellationToken cancellation);
}

/// <summary>One thing that operators administer, as it was read.</summary>
/// <param name="Json">Its content, up to 400,000 characters.</param>
/// <param name="Revision">The id of the change that made it what it is; the <c>ETag</c> that callers see.</param>
/// <param name="Tag">
/// The store's own mark, which guards the next change; null where it was not read from the store.
/// </param>
public sealed record Document(Subject Subject, string Json, string Revision, string? Tag = null);

/// <summary>A change and its audit record, which come to be together or not at all.</summary>
/// <param name="Audit">Its id becomes the document's revision.</param>
public sealed record DocumentChange(AuditRecord Audit)
{
    /// <summary>The document as it shall be; null where nothing is kept but the record.</summary>
    public string? Json { get; init; }

    /// <summary>The document as it was read, which must be as it was; null where there must be none yet.</summary>
    public Document? Was { get; init; }

    /// <summary>Gets what lets a repeat of the command find this change; null where a repeat is a new change.</summary>
    public CommandIdempotency? Once { get; init; }
}

/// <summary>The outcome of a change.</summary>
public abstract record DocumentChangeOutcome
{
    private DocumentChangeOutcome()
    {
    }

    /// <summary>The change is stored.</summary>
    public sealed record Applied : DocumentChangeOutcome;

    /// <summary>
    /// The change is not stored and never will be: the document is there already, or is no longer what was read.
    /// </summary>
    public sealed record Lost : DocumentChangeOutcome;

    /// <summary>
    /// The change is not stored and never will be: the command, or another under its key, was carried out before.
    /// </summary>
    public sealed record Repeated(CompletedCommand First) : DocumentChangeOutcome;
}

/// <summary>
/// Identifies a command by its <c>Idempotency-Key</c>, so that a repeat of it is recognized. The document keeps it
/// beside the change that the command made, for as long as that change.
/// </summary>
/// <param name="Key">A hash of the <c>Idempotency-Key</c> and whose it is.</param>
/// <param name="Asked">A hash of what was asked, so that another question under the same key is found out.</param>
/// <param name="Answer">
/// What a repeat is to be told beside the document, as JSON without secrets; null for nothing.
/// </param>
public sealed record CommandIdempotency(string Key, string Asked, string? Answer = null)
{
    /// <param name="by">The management key's id: keys of two operators do not meet.</param>
    /// <param name="action">What is done, and to what.</param>
    public static CommandIdempotency Of(string by, string key, string action, ReadOnlySpan<byte> body) => new(
        Hash(Encoding.UTF8.GetBytes($"{by}\n{key}")),
        Hash([.. Encoding.UTF8.GetBytes($"{action}\n"), .. body]));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>A command that was carried out before.</summary>
/// <param name="Revision">The id of the change that it led to.</param>
public sealed record CompletedCommand(CommandIdempotency Once, Subject Subject, string Revision);

using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>
/// The one way to change what operators administer: makes the audit record, knows a repeated command by its
/// <c>Idempotency-Key</c>, holds a change against what the caller took the document to be, and tries again where
/// another was first.
/// </summary>
public sealed class DocumentWriter(IDocumentStore store, IdSource ids, TimeProvider clock)
{
    /// <summary>Races that one command may lose before it is refused.</summary>
    private const int MostLost = 20;

    /// <summary>Told of every document that may have changed here, also where no certain answer came.</summary>
    public event Action<Subject>? Changed;

    /// <summary>Files a document that is not there yet; one that is, is a conflict.</summary>
    /// <param name="action">E.g. <c>org.create</c>.</param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Result<WriteResult>> CreateAsync(AdminCommand command, string action, Subject subject, DocumentDraft draft, CancellationToken cancellation) => FileAsync(
        command, action, subject,
        // The id may be one that was made up for this try; where the caller chose it, it is in the body.
        OnceOf(command, action, subject.Kind is SubjectKind.Org ? "" : subject.Org ?? ""),
        was => was is null ? draft : Refuse.Conflict($"There is or was one of the id '{subject.Id}' already; ids are not used twice. Choose another.", "id"),
        cancellation);

    /// <summary>Changes a document that is there.</summary>
    /// <param name="change">
    /// Decides by what there is; null where all is as it should be already. It may be asked several times.
    /// </param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Result<WriteResult>> ChangeAsync(
        AdminCommand command, string action, Subject subject, Func<Document, Result<DocumentDraft>?> change, CancellationToken cancellation) =>
        PutAsync(command, action, subject, was => was is null ? Refuse.NotFound($"{subject.Kind.WireName()} of this id") : change(was), cancellation);

    /// <summary>Changes a document, or files it where there is none.</summary>
    /// <param name="change">
    /// Decides by what there is, if anything; null where all is as it should be already. It may be asked several times.
    /// </param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Result<WriteResult>> PutAsync(
        AdminCommand command, string action, Subject subject, Func<Document?, Result<DocumentDraft>?> change, CancellationToken cancellation) =>
        FileAsync(command, action, subject, OnceOf(command, action, string.Join('/', subject.Path)), change, cancellation);

    /// <summary>
    /// Notes what has no document of its own, e.g. a reset that was asked for. Of a repeated command nothing is noted
    /// again.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public async Task<Result<WriteResult>> NoteAsync(
        AdminCommand command, string action, Subject subject, string? before, string? after, CancellationToken cancellation)
    {
        var once = OnceOf(command, action, string.Join('/', subject.Path));
        if (await RepeatAsync(once, subject.Kind, cancellation) is { } again)
        {
            return again;
        }

        var change = new DocumentChange(Record(command, action, subject, new DocumentDraft("", before, after))) { Once = once };
        return await store.ApplyAsync(change, cancellation) is DocumentChangeOutcome.Repeated repeated
            ? await ReplayAsync(repeated.First, once!, cancellation)
            : new WriteResult(null, change.Audit.Id);
    }

    private async Task<Result<WriteResult>> FileAsync(
        AdminCommand command, string action, Subject subject, CommandIdempotency? once, Func<Document?, Result<DocumentDraft>?> change, CancellationToken cancellation)
    {
        if (await RepeatAsync(once, subject.Kind, cancellation) is { } again)
        {
            return again;
        }

        for (var lost = 0; lost < MostLost; lost++)
        {
            var was = await store.FindAsync(subject, cancellation);
            if (was is not null && !command.Expected.Admits(was.Revision))
            {
                return Refuse.PreconditionFailed();
            }

            if (change(was) is not { } decision)
            {
                return new WriteResult(was, was!.Revision);
            }

            if (!decision.Accepted(out var draft, out var refusal))
            {
                return refusal;
            }

            var wanted = new DocumentChange(Record(command, action, subject, draft)) { Json = draft.Json, Was = was, Once = Told(once, draft) };
            switch (await ApplyAsync(wanted, cancellation))
            {
                case DocumentChangeOutcome.Applied:
                    return new WriteResult(new Document(subject, draft.Json, wanted.Audit.Id), wanted.Audit.Id) { Answer = draft.Answer };
                case DocumentChangeOutcome.Repeated repeated:
                    return await ReplayAsync(repeated.First, once!, cancellation);
            }
        }

        return Refuse.Conflict("Others change it all the time. Send the change again.");
    }

    private async Task<DocumentChangeOutcome> ApplyAsync(DocumentChange change, CancellationToken cancellation)
    {
        try
        {
            return await store.ApplyAsync(change, cancellation);
        }
        finally
        {
            Changed?.Invoke(change.Audit.Subject);
        }
    }

    private static CommandIdempotency? OnceOf(AdminCommand command, string action, string on) =>
        command.IdempotencyKey is { } key ? CommandIdempotency.Of(command.By.Id, key, $"{action} {on}", command.Body.Span) : null;

    private static CommandIdempotency? Told(CommandIdempotency? once, DocumentDraft draft) => once is null ? null : once with { Answer = draft.Answer };

    private AuditRecord Record(AdminCommand command, string action, Subject subject, DocumentDraft draft) =>
        new(ids.Next(), clock.GetUtcNow(), command.By.Id, action, subject, draft.Before, draft.After);

    private async Task<Result<WriteResult>?> RepeatAsync(CommandIdempotency? once, SubjectKind kind, CancellationToken cancellation)
    {
        if (once is null || await store.FindOnceAsync(kind, once.Key, cancellation) is not { } first)
        {
            return null;
        }

        return await ReplayAsync(first, once, cancellation);
    }

    private async Task<Result<WriteResult>> ReplayAsync(CompletedCommand first, CommandIdempotency asked, CancellationToken cancellation)
    {
        if (first.Once.Asked != asked.Asked)
        {
            return Refuse.IdempotencyKeyReused();
        }

        var now = await store.FindAsync(first.Subject, cancellation);
        return new WriteResult(now, now?.Revision ?? first.Revision) { IsReplay = true, Answer = first.Once.Answer };
    }
}

/// <summary>The outcome of a command.</summary>
/// <param name="Document">
/// As it is after the change; of a repeated command, as it is now. Null where a command has no document.
/// </param>
/// <param name="Revision">The id of the change.</param>
public sealed record WriteResult(Document? Document, string Revision)
{
    /// <summary>
    /// Gets whether nothing was done now because the command was carried out before under its <c>Idempotency-Key</c>.
    /// </summary>
    public bool IsReplay { get; init; }

    /// <summary>The answer that the first time left for its repeats.</summary>
    public string? Answer { get; init; }
}

/// <summary>A document as it shall be, and how the audit tells of it.</summary>
/// <param name="Json">Its content.</param>
/// <param name="Before">What the audit shows as it was, as JSON without secrets; null where there was nothing.</param>
/// <param name="After">What the audit shows as it is then.</param>
public sealed record DocumentDraft(string Json, string? Before, string? After)
{
    /// <summary>The answer to a repeat of the command beside the document, as JSON without secrets.</summary>
    public string? Answer { get; init; }
}

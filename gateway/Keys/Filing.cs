using Freeway.Gateway.Audit;
using Freeway.Gateway.Core;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Keys;

/// <summary>
/// The one way to change what operators administer: makes the audit record, knows a repeated command by its
/// <c>Idempotency-Key</c>, holds a change against what the caller took the document to be, and tries again where another was first.
/// </summary>
public sealed class Filing(IDocumentStore store, IdSource ids, TimeProvider clock)
{
    /// <summary>Races that one command may lose before it is refused.</summary>
    private const int MostLost = 20;

    /// <summary>Told of every document that may have changed here, also where no certain answer came.</summary>
    public event Action<Subject>? Changed;

    /// <summary>Files a document that is not there yet; one that is, is a conflict.</summary>
    /// <param name="action">E.g. <c>org.create</c>.</param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Decision<Filed>> CreateAsync(Command command, string action, Subject subject, Draft draft, CancellationToken cancellation) => FileAsync(
        command, action, subject,
        // The id may be one that was made up for this try; where the caller chose it, it is in the body.
        OnceOf(command, action, subject.Kind is SubjectKind.Org ? "" : subject.Org ?? ""),
        was => was is null ? draft : Refuse.Conflict($"There is or was one of the id '{subject.Id}' already; ids are not used twice. Choose another.", "id"),
        cancellation);

    /// <summary>Changes a document that is there.</summary>
    /// <param name="change">Decides by what there is; null where all is as it should be already. It may be asked several times.</param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Decision<Filed>> ChangeAsync(
        Command command, string action, Subject subject, Func<Document, Decision<Draft>?> change, CancellationToken cancellation) =>
        PutAsync(command, action, subject, was => was is null ? Refuse.NotFound($"{subject.Kind.WireName()} of this id") : change(was), cancellation);

    /// <summary>Changes a document, or files it where there is none.</summary>
    /// <param name="change">Decides by what there is, if anything; null where all is as it should be already. It may be asked several times.</param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Decision<Filed>> PutAsync(
        Command command, string action, Subject subject, Func<Document?, Decision<Draft>?> change, CancellationToken cancellation) =>
        FileAsync(command, action, subject, OnceOf(command, action, string.Join('/', subject.Path)), change, cancellation);

    /// <summary>Notes what has no document of its own, e.g. a reset that was asked for. Of a repeated command nothing is noted again.</summary>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public async Task<Decision<Filed>> NoteAsync(
        Command command, string action, Subject subject, string? before, string? after, CancellationToken cancellation)
    {
        var once = OnceOf(command, action, string.Join('/', subject.Path));
        if (await RepeatAsync(once, subject.Kind, cancellation) is { } again)
        {
            return again;
        }

        var change = new Change(Record(command, action, subject, new Draft("", before, after))) { Once = once };
        return await store.ApplyAsync(change, cancellation) is ChangeOutcome.Repeated repeated
            ? await ReplayAsync(repeated.First, once!, cancellation)
            : new Filed(null, change.Audit.Id);
    }

    private async Task<Decision<Filed>> FileAsync(
        Command command, string action, Subject subject, Once? once, Func<Document?, Decision<Draft>?> change, CancellationToken cancellation)
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
                return new Filed(was, was!.Revision);
            }

            if (!decision.Accepted(out var draft, out var refusal))
            {
                return refusal;
            }

            var wanted = new Change(Record(command, action, subject, draft)) { Json = draft.Json, Was = was, Once = Told(once, draft) };
            switch (await ApplyAsync(wanted, cancellation))
            {
                case ChangeOutcome.Applied:
                    return new Filed(new Document(subject, draft.Json, wanted.Audit.Id), wanted.Audit.Id) { Answer = draft.Answer };
                case ChangeOutcome.Repeated repeated:
                    return await ReplayAsync(repeated.First, once!, cancellation);
            }
        }

        return Refuse.Conflict("Others change it all the time. Send the change again.");
    }

    private async Task<ChangeOutcome> ApplyAsync(Change change, CancellationToken cancellation)
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

    private static Once? OnceOf(Command command, string action, string on) =>
        command.IdempotencyKey is { } key ? Once.Of(command.By.Id, key, $"{action} {on}", command.Body.Span) : null;

    private static Once? Told(Once? once, Draft draft) => once is null ? null : once with { Answer = draft.Answer };

    private AuditRecord Record(Command command, string action, Subject subject, Draft draft) =>
        new(ids.Next(), clock.GetUtcNow(), command.By.Id, action, subject, draft.Before, draft.After);

    private async Task<Decision<Filed>?> RepeatAsync(Once? once, SubjectKind kind, CancellationToken cancellation)
    {
        if (once is null || await store.FindOnceAsync(kind, once.Key, cancellation) is not { } first)
        {
            return null;
        }

        return await ReplayAsync(first, once, cancellation);
    }

    private async Task<Decision<Filed>> ReplayAsync(OnceRecord first, Once asked, CancellationToken cancellation)
    {
        if (first.Once.Asked != asked.Asked)
        {
            return Refuse.IdempotencyKeyReused();
        }

        var now = await store.FindAsync(first.Subject, cancellation);
        return new Filed(now, now?.Revision ?? first.Revision) { IsReplay = true, Answer = first.Once.Answer };
    }
}

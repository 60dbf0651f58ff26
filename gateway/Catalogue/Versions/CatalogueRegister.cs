using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// Reads and changes the head, under its <c>ETag</c> and with an audit record. A version comes to be in the same moment
/// as the head that names it, so numbers have no gaps, and there is one version for each content, whoever races. Outage
/// stance: it throws; a command that had no answer may be sent again under its <c>Idempotency-Key</c>.
/// </summary>
public sealed class CatalogueRegister(IDocumentStore documents, DocumentWriter writer, ICatalogueArchive archive, TimeProvider clock)
{
    /// <summary>Races that one command may lose before it is refused.</summary>
    private const int MostLost = 40;

    private static readonly Subject Head = new(SubjectKind.Catalogue, "head");

    /// <summary>The head as it is stored; null where nothing has been seeded yet. One point read.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<WrittenHead?> ReadAsync(CancellationToken cancellation) =>
        await documents.FindAsync(Head, cancellation) is { } document ? Written(document) : null;

    /// <summary>Changes the head, or makes the first.</summary>
    /// <param name="action">E.g. <c>catalogue.activate</c>.</param>
    /// <param name="prepare">
    /// Decides by the head as it counts now, which is null where there is none; a null draft where all is as it should
    /// be. It may be asked several times.
    /// </param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public async Task<Result<WrittenHead>> ChangeAsync(
        AdminCommand command, string action, Func<CatalogueHead?, Task<Result<HeadDraft>?>> prepare, CancellationToken cancellation)
    {
        for (var lost = 0; lost < MostLost; lost++)
        {
            // Reads first: tells a repeat and a wrong If-Match before anything is prepared.
            var reading = await writer.ChangeAsync(command, action, Head, _ => null, cancellation);
            Document? was = null;
            if (reading.Accepted(out var read, out var refusal))
            {
                was = read.Document!;
                if (read.IsReplay)
                {
                    return Written(was) with { IsReplay = true, Answer = read.Answer };
                }
            }
            else if (refusal.Code is not RefusalCode.NotFound)
            {
                return refusal;
            }

            var now = was is null ? null : Read(was).At(clock.GetUtcNow());
            if (await prepare(now) is not { } decision)
            {
                return was is null ? Refuse.NotFound("catalogue") : Written(was);
            }

            if (!decision.Accepted(out var draft, out refusal))
            {
                return refusal;
            }

            if (await WriteAsync(command, action, was, draft, cancellation) is { } written)
            {
                return written;
            }
        }

        return Refuse.Conflict("Others change the catalogue all the time. Send the change again.");
    }

    /// <summary>
    /// The version of a content: the one that there is, else the next, which comes to be with a head that names it.
    /// </summary>
    public async Task<CatalogueVersion> VersionOfAsync(
        CatalogueHead? head, CatalogueBundle content, string by, CatalogueSource source, string? comment, CancellationToken cancellation)
    {
        if (head?.Latest.Hash == content.Hash)
        {
            return head.Latest;
        }

        if (head is not null && await archive.FindAsync(content.Hash, cancellation) is { } entered)
        {
            return entered;
        }

        var stored = await archive.StoreAsync(content, cancellation);
        if (head is not null)
        {
            // Once the head names a later one, only the list tells of this.
            await archive.EnterAsync(head.Latest, cancellation);
        }

        return new CatalogueVersion((head?.Latest.Number ?? 0) + 1, content.Hash, stored, clock.GetUtcNow(), by, source, comment);
    }

    /// <summary>A version by its number, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<CatalogueVersion?> FindAsync(CatalogueHead head, int number, CancellationToken cancellation) =>
        number == head.Latest.Number ? head.Latest
        : number < 1 || number > head.Latest.Number ? null
        : await archive.FindAsync(number, cancellation);

    /// <summary>Versions, newest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<CatalogueVersion>> ListAsync(CatalogueHead head, int below, int limit, CancellationToken cancellation)
    {
        IReadOnlyList<CatalogueVersion> latest = head.Latest.Number < below ? [head.Latest] : [];
        var rest = limit - latest.Count;
        return rest is 0 ? latest : [.. latest, .. await archive.ListAsync(Math.Min(below, head.Latest.Number), rest, cancellation)];
    }

    /// <returns>Null where another was first.</returns>
    private async Task<Result<WrittenHead>?> WriteAsync(AdminCommand command, string action, Document? was, HeadDraft draft, CancellationToken cancellation)
    {
        var lost = false;
        var wanted = new DocumentDraft(JsonSerializer.Serialize(draft.Head, HeadJson.Default.CatalogueHead), draft.Before, draft.After) { Answer = draft.Answer };
        var decision = was is null
            ? await writer.CreateAsync(command, action, Head, wanted, cancellation)
            : await writer.ChangeAsync(command, action, Head, now => (lost = now.Revision != was.Revision) ? null : (Result<DocumentDraft>?)wanted, cancellation);
        if (!decision.Accepted(out var result, out var refusal))
        {
            return was is null && refusal.Code is RefusalCode.Conflict ? null : (Result<WrittenHead>?)refusal;
        }

        if (lost && !result.IsReplay)
        {
            return null;
        }

        await EnterAsync(draft.Head.Latest, cancellation);
        return Written(result.Document!) with { IsReplay = result.IsReplay, Answer = result.Answer };
    }

    /// <summary>The head tells of it anyhow, and whoever makes the next version enters it first.</summary>
    private async Task EnterAsync(CatalogueVersion version, CancellationToken cancellation)
    {
        try
        {
            await archive.EnterAsync(version, cancellation);
        }
        catch (IOException)
        {
            // The change itself is in.
        }
    }

    private static WrittenHead Written(Document document) => new(Read(document), document.Revision);

    private static CatalogueHead Read(Document document) =>
        JsonSerializer.Deserialize(document.Json, HeadJson.Default.CatalogueHead) ?? throw new JsonException("The catalogue's head is empty.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CatalogueHead))]
internal sealed partial class HeadJson : JsonSerializerContext;

/// <summary>
/// The contents of versions, and what is known of them. All writes may be repeated, by several processes at once, and
/// come to the same. Nothing here counts by itself: a version exists once the <see cref="CatalogueHead"/> has named it.
/// Outage stance: it throws; the last known catalogue is used meanwhile.
/// </summary>
public interface ICatalogueArchive
{
    /// <summary>Stores a content whole.</summary>
    /// <returns>The name under which it is read.</returns>
    /// <exception cref="IOException">
    /// The store is out of reach. A part of it may be there, which nobody sees.
    /// </exception>
    Task<string> StoreAsync(CatalogueBundle content, CancellationToken cancellation);

    /// <summary>A content; null where it is not there, or not all of it.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<CatalogueBundle?> ReadAsync(string stored, CancellationToken cancellation);

    /// <summary>Enters a version that the head has named into the list.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task EnterAsync(CatalogueVersion version, CancellationToken cancellation);

    /// <summary>An entered version, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<CatalogueVersion?> FindAsync(int number, CancellationToken cancellation);

    /// <summary>The entered version with this content, or null.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<CatalogueVersion?> FindAsync(string hash, CancellationToken cancellation);

    /// <summary>Entered versions, newest first.</summary>
    /// <param name="below">Only those with smaller numbers.</param>
    /// <param name="limit">1 to 1000.</param>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<CatalogueVersion>> ListAsync(int below, int limit, CancellationToken cancellation);
}

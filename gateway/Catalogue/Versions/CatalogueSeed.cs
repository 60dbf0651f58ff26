using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// Brings the file that this process started with into the store: as version 1 where there is none, and as another
/// version where it is another. It is activated as long as files decide; once an operator has chosen, it is only
/// stored.
/// </summary>
public sealed class CatalogueSeed(CatalogueRegister register, FileCatalogue file, TimeProvider clock, ILogger<CatalogueSeed> logger)
{
    private const string Action = "catalogue.file";

    /// <param name="head">As it was just read.</param>
    /// <returns>The head with which to go on.</returns>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public async Task<WrittenHead> RunAsync(WrittenHead? head, CancellationToken cancellation)
    {
        if (head?.Head.At(clock.GetUtcNow()).Active.Hash == file.Bundle.Hash)
        {
            return head;
        }

        CatalogueVersion? version = null;
        var decision = await register.ChangeAsync(
            AdminCommand.OfFreeway, Action, async now =>
            {
                version = await register.VersionOfAsync(now, file.Bundle, AdminCommand.OfFreeway.By.Id, CatalogueSource.File, null, cancellation);
                return Draft(now, version);
            }, cancellation);
        if (!decision.Accepted(out var written, out var refusal))
        {
            throw new IOException(refusal.Message);
        }

        if (written.Head.Active.Number == version!.Number)
        {
            CatalogueLog.FileActivated(logger, version.Number);
        }
        else
        {
            CatalogueLog.FileNotActivated(logger, version.Number, written.Head.Active.Number);
        }

        return written;
    }

    private Result<HeadDraft>? Draft(CatalogueHead? now, CatalogueVersion version)
    {
        var latest = now is null || version.Number > now.Latest.Number ? version : now.Latest;
        var next = now is null ? new CatalogueHead(version, clock.GetUtcNow(), latest, FollowsFiles: true)
            : now.FollowsFiles ? now with { Active = version, Since = clock.GetUtcNow(), Latest = latest }
            : now with { Latest = latest };
        return next.Active == now?.Active && next.Latest == now.Latest ? null : (Result<HeadDraft>?)new HeadDraft(next, HeadNotes.Of(now), HeadNotes.Of(next));
    }
}

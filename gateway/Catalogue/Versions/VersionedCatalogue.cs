using Freeway.Gateway.Catalogue.Format;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// Serves the version that the head names. Each round is one point read; only a version that this process does not have
/// yet is read besides, and the file that it started with is one that it has.
/// </summary>
public sealed class VersionedCatalogue(
    CatalogueRegister register,
    CatalogueContents contents,
    CatalogueSeed seed,
    CatalogueLoader loader,
    FileCatalogue file,
    TimeProvider clock,
    ILogger<VersionedCatalogue> logger) : ICatalogueSource
{
    private bool _seeded;
    private CatalogueObservation? _observed;
    private (int Active, int Next, DateTimeOffset At) _logged;
    private Dictionary<string, CatalogueSnapshot> _loaded = [];
    private HashSet<string> _unusable = [];

    public async Task<CatalogueObservation> ReadAsync(CancellationToken cancellation)
    {
        var written = await register.ReadAsync(cancellation);
        if (!_seeded || written is null)
        {
            written = await seed.RunAsync(written, cancellation);
            _seeded = true;
        }

        var head = written.Head.At(clock.GetUtcNow());
        var active = await LoadAsync(head.Active, cancellation) ?? _observed?.At(clock.GetUtcNow())
            ?? throw new IOException($"Version {head.Active.Number} of the catalogue cannot be used with the settings of this process, and there is no other.");
        var next = head.Scheduled is { } scheduled ? await LoadAsync(scheduled.Version, cancellation) : null;
        LogChanges(head);
        // What is no longer named is let go.
        _loaded = _loaded.Where(pair => pair.Value == active || pair.Value == next).ToDictionary();
        return _observed = new CatalogueObservation(active, next, head.Scheduled?.At ?? default);
    }

    /// <returns>Null where this process cannot use it.</returns>
    private async Task<CatalogueSnapshot?> LoadAsync(CatalogueVersion version, CancellationToken cancellation)
    {
        if (version.Hash == file.Bundle.Hash)
        {
            return file.Snapshot;
        }

        if (_loaded.TryGetValue(version.Hash, out var loaded))
        {
            return loaded;
        }

        if (_unusable.Contains(version.Hash))
        {
            return null;
        }

        var bundle = await contents.ReadAsync(version, cancellation);
        if (loader.Load(bundle, out var errors) is { } snapshot)
        {
            return _loaded[version.Hash] = snapshot;
        }

        // Settings change with the process only: once is enough.
        _unusable = [.. _unusable, version.Hash];
        CatalogueLog.Unusable(logger, version.Number, string.Join("; ", errors.Select(error => error.Message)));
        return null;
    }

    private void LogChanges(CatalogueHead head)
    {
        if (_logged.Active != head.Active.Number)
        {
            CatalogueLog.Active(logger, head.Active.Number, head.Since);
        }

        if (head.Scheduled is { } next && (_logged.Next, _logged.At) != (next.Version.Number, next.At))
        {
            CatalogueLog.Scheduled(logger, next.Version.Number, next.At);
        }

        _logged = (head.Active.Number, head.Scheduled?.Version.Number ?? 0, head.Scheduled?.At ?? default);
    }
}

/// <summary>Reads which catalogue counts.</summary>
public interface ICatalogueSource
{
    /// <summary>Reads which catalogue counts now. Calls do not overlap.</summary>
    /// <exception cref="IOException">
    /// The store is out of reach, or nothing that can be served has been found yet.
    /// </exception>
    Task<CatalogueObservation> ReadAsync(CancellationToken cancellation);
}

/// <summary>The catalogue that is served now, and the one that is scheduled.</summary>
/// <param name="Next">Null where nothing is scheduled, or where what is scheduled cannot be read here.</param>
public sealed record CatalogueObservation(CatalogueSnapshot Active, CatalogueSnapshot? Next = null, DateTimeOffset NextAt = default)
{
    public CatalogueSnapshot At(DateTimeOffset now) => Next is not null && NextAt <= now ? Next : Active;
}

/// <summary>A version as this process serves it.</summary>
public sealed record ServedCatalogue(CatalogueVersion Version, CatalogueSnapshot Snapshot);

using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Catalogue;

/// <summary>
/// The catalogue that counts now. It is swapped whole while the process runs, so whoever serves a request takes it once, at
/// the start, and goes by that one to the end.
/// </summary>
public sealed class CurrentCatalogue : IPlanSource
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private volatile CatalogueSnapshot? _now;

    /// <param name="first">Null where none has been read yet.</param>
    public CurrentCatalogue(CatalogueSnapshot? first = null) => _now = first;

    /// <summary>The catalogue, or that none has been read yet.</summary>
    public ValueTask<Decision<CatalogueSnapshot>> TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<Decision<CatalogueSnapshot>>(_now is { } now ? now : Refuse.CatalogueUnavailable(RetryAfter));
    }

    public async ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation) =>
        (await TakeAsync(cancellation).ConfigureAwait(false)).Accepted(out var now, out var refusal) ? now.Plans : throw new IOException(refusal.Message);

    /// <summary>From now on this one is given out; requests under way go on with theirs.</summary>
    public void Put(CatalogueSnapshot catalogue) => _now = catalogue;
}

using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;

namespace Freeway.Tests.Shared;

/// <summary>A catalogue that never changes.</summary>
public sealed class FixedCatalogue(CatalogueSnapshot snapshot) : ICatalogueSource
{
    public static CurrentCatalogue Of(CatalogueSnapshot snapshot) => new(new FixedCatalogue(snapshot), TimeProvider.System);

    public Task<CatalogueObservation> ReadAsync(CancellationToken cancellation) => Task.FromResult(new CatalogueObservation(snapshot));
}

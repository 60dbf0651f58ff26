namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>What a look at the head brought: what is served now, and what from when on.</summary>
/// <param name="Next">Null where nothing is scheduled, or where what is scheduled cannot be read here.</param>
public sealed record CatalogueSight(CatalogueSnapshot Active, CatalogueSnapshot? Next = null, DateTimeOffset NextAt = default)
{
    public CatalogueSnapshot At(DateTimeOffset now) => Next is not null && NextAt <= now ? Next : Active;
}

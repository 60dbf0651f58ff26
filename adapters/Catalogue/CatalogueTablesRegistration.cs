using Freeway.Gateway.Catalogue;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.Catalogue;

public static class CatalogueTablesRegistration
{
    public static IServiceCollection AddCatalogueTables(this IServiceCollection services) => services.AddCatalogue<TableCatalogueArchive>();
}

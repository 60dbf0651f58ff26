using Freeway.Gateway.Catalogue.Changes;
using Freeway.Gateway.Catalogue.Commands;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.Catalogue;

/// <summary>Brings the current catalogue over its versions, and the worker that reads it again.</summary>
public static class CatalogueRegistration
{
    /// <typeparam name="TArchive">Where contents are kept.</typeparam>
    public static IServiceCollection AddCatalogue<TArchive>(this IServiceCollection services)
        where TArchive : class, ICatalogueArchive => services
        .AddSingleton<ICatalogueArchive, TArchive>()
        .AddSingleton<CatalogueRegister>()
        .AddSingleton<CatalogueSeed>()
        .AddSingleton<CatalogueContents>()
        .AddSingleton<CatalogueReports>()
        .AddSingleton<CatalogueCommands>()
        .AddSingleton<CatalogueRequestParser>()
        .AddSingleton<ICatalogueSource, VersionedCatalogue>()
        .AddSingleton<CurrentCatalogue>()
        .AddSingleton<IPlanSource>(provider => provider.GetRequiredService<CurrentCatalogue>())
        .AddSingleton<IAlarm, CatalogueAlarm>()
        .AddHostedService<CatalogueWorker>();
}

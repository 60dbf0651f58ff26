using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue;

/// <summary>Looks for a change of the catalogue from the start of the process to its end.</summary>
public sealed class CatalogueKeeper(CurrentCatalogue catalogue, TimeProvider clock, ILogger<CatalogueKeeper> logger)
    : PeriodicWorker(CurrentCatalogue.Every, clock, logger)
{
    protected override bool RunsAtStart => true;

    protected override Task WorkAsync(CancellationToken stopping) => catalogue.LookAsync(stopping);
}

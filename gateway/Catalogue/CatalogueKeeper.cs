using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue;

/// <summary>Looks for a change of the catalogue from the start of the process to its end.</summary>
public sealed class CatalogueKeeper(CurrentCatalogue catalogue, TimeProvider clock, ILogger<CatalogueKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CurrentCatalogue.Every, clock);
        try
        {
            do
            {
                try
                {
                    await catalogue.LookAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (IOException outage)
                {
                    CatalogueLog.NotLooked(logger, outage.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }
}

using Freeway.Adapters.Tables;
using Freeway.Gateway.Api;

namespace Freeway.Adapters.Api;

/// <summary>Reads a row that is not there: the table answers 404 at once, or not at all.</summary>
internal sealed class TableProbe(StorageAccount storage) : IReadinessProbe
{
    public string Name => "table";

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            var table = await storage.StrictAsync(storage.Names.Ledger, cancellation);
            await table.GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>("probe", "probe", cancellationToken: cancellation);
        }
        catch (Exception outage) when (StorageFault.Is(outage, cancellation, out var fault))
        {
            throw fault.Kind is StorageFaultKind.Denied
                ? new RoleMissingException("Storage Table Data Contributor", "the storage account", outage)
                : new IOException($"table storage does not answer ({fault.Kind})", outage);
        }
    }
}

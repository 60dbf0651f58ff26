using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Keys;

namespace Freeway.Adapters.Keys;

/// <summary>Orgs one by one, beside the keys in their table.</summary>
public sealed class TableOrgStore(StorageAccount storage, OptimisticWrite write) : IOrgStore
{
    public async Task<Org?> FindAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(id, cancellation) is { } entity ? KeyEntities.Org(entity) : null;
        }
        catch (Exception failure) when (StorageFault.Is(failure, cancellation, out var fault))
        {
            throw new StorageUnavailableException($"the orgs' table does not answer ({fault.Kind})", failure);
        }
    }

    public Task<Org?> ChangeAsync(string id, Func<Org, Org> change, CancellationToken cancellation) => write.RunAsync(
        $"change of org {id}",
        async () =>
        {
            if (await ReadAsync(id, cancellation) is not { } entity)
            {
                return null;
            }

            var (before, after) = (KeyEntities.Org(entity), change(KeyEntities.Org(entity)));
            if (after != before)
            {
                var table = await storage.StrictAsync(storage.Names.Keys, cancellation);
                await table.UpdateEntityAsync(KeyEntities.Of(after), entity.ETag, TableUpdateMode.Replace, cancellation);
            }

            return after;
        },
        cancellation);

    private async Task<TableEntity?> ReadAsync(string id, CancellationToken cancellation)
    {
        var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(KeyEntities.OrgPartition, TableKey.Escape(id), cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }
}

using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Keys;

namespace Freeway.Adapters.Keys;

/// <summary>Keys and orgs on Table Storage: a key's row under the hash of its secret, all orgs in the partition <c>org</c>.</summary>
public sealed class TableKeyStore(StorageAccount storage) : IKeyStore
{
    public async Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        try
        {
            var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
            var key = await table.GetEntityIfExistsAsync<TableEntity>(hash.Hex, KeyEntities.KeyRow, cancellationToken: cancellation);
            if (!key.HasValue)
            {
                return null;
            }

            var org = await table.GetEntityIfExistsAsync<TableEntity>(
                KeyEntities.OrgPartition, TableKey.Escape(key.Value!.GetString("Org")), cancellationToken: cancellation);
            return org.HasValue ? new Caller(KeyEntities.Org(org.Value!), KeyEntities.Key(key.Value!)) : null;
        }
        catch (Exception failure) when (StorageFault.Is(failure, cancellation, out var fault))
        {
            throw new StorageUnavailableException($"the keys' table does not answer ({fault.Kind})", failure);
        }
    }

    public async Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation)
    {
        try
        {
            var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
            await table.UpsertEntityAsync(KeyEntities.Of(caller.Org), TableUpdateMode.Replace, cancellation);
            await table.UpsertEntityAsync(KeyEntities.Of(hash, caller.Key), TableUpdateMode.Replace, cancellation);
        }
        catch (Exception failure) when (StorageFault.Is(failure, cancellation, out var fault))
        {
            throw new StorageUnavailableException($"the keys' table does not answer ({fault.Kind})", failure);
        }
    }

    public async IAsyncEnumerable<Org> ListOrgsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? token = null;
        do
        {
            var page = await PageAsync(token, cancellation);
            foreach (var entity in page.Values)
            {
                yield return KeyEntities.Org(entity);
            }

            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    private async Task<Azure.Page<TableEntity>> PageAsync(string? token, CancellationToken cancellation)
    {
        try
        {
            var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
            var orgs = table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {KeyEntities.OrgPartition}"), cancellationToken: cancellation);
            return await orgs.AsPages(token).FirstAsync(cancellation);
        }
        catch (Exception failure) when (StorageFault.Is(failure, cancellation, out var fault))
        {
            throw new StorageUnavailableException($"the orgs cannot be listed ({fault.Kind})", failure);
        }
    }
}

using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Identity;

namespace Freeway.Adapters.Identity;

/// <summary>
/// Keeps the salt in a row of the table of keys, which is added once: whoever is second reads the first.
/// </summary>
public sealed class TableEndUserSaltStore(StorageAccount storage, Backoff backoff) : IEndUserSaltStore
{
    private const string Partition = "deployment";
    private const string Row = "end_user_salt";
    private const string Salt = "Salt";

    private readonly OptimisticWrite _write = new(backoff);

    public Task<byte[]> GetOrAddAsync(byte[] proposed, CancellationToken cancellation) => _write.RunAsync(
        "find the salt of end users",
        async () =>
        {
            var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
            var found = await table.GetEntityIfExistsAsync<TableEntity>(
                Partition, Row, cancellationToken: cancellation);
            if (found.HasValue)
            {
                return found.Value!.GetBinary(Salt);
            }

            await table.AddEntityAsync(new TableEntity(Partition, Row) { [Salt] = proposed }, cancellation);
            return proposed;
        },
        cancellation);
}

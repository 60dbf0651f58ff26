using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Adapters.Identity;

/// <summary>
/// A row for each secret, in a partition of its own under its hash: the first thing that is read of a request.
/// </summary>
public sealed class TableSecretStore(StorageAccount storage) : ISecretStore
{
    private const string Row = "secret";

    public Task<Subject?> FindAsync(KeyHash hash, CancellationToken cancellation) => StorageFault.GuardAsync("look for a key", async () =>
    {
        var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(hash.Hex, Row, cancellationToken: cancellation);
        return found.HasValue && WireNames.Of<SubjectKind>().Find(found.Value!.GetString("Kind")) is { } kind
            ? new Subject(kind, found.Value.GetString("KeyId"), found.Value.GetString("Org"))
            : null;
    }, cancellation);

    public Task SaveAsync(KeyHash hash, Subject key, CancellationToken cancellation) => StorageFault.GuardAsync("save a key", async () =>
    {
        var table = await storage.PatientAsync(storage.Names.Keys, cancellation);
        var row = new TableEntity(hash.Hex, Row) { ["Kind"] = key.Kind.WireName(), ["KeyId"] = key.Id, ["Org"] = key.Org };
        return await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation);
    }, cancellation);
}

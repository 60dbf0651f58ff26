using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.ActivityLog;

namespace Freeway.Adapters.ActivityLog;

/// <summary>Replaces one row of sums under its ETag.</summary>
internal static class SumCorrection
{
    /// <summary>One try: a row that has moved, or whose correction may have landed, is looked at again by the next reconciliation.</summary>
    public static async Task<bool> TryAsync(
        TableClient table, string partition, string row, DailyUsage right, DailyUsage? seen, CancellationToken cancellation)
    {
        var stored = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation).ConfigureAwait(false);
        if ((stored.HasValue ? UsageRow.Read(stored.Value!) : null) != seen)
        {
            return false;
        }

        try
        {
            var entity = UsageRow.Of(right, partition, row);
            await (stored.HasValue
                ? table.UpdateEntityAsync(entity, stored.Value!.ETag, TableUpdateMode.Replace, cancellation)
                : table.AddEntityAsync(entity, cancellation)).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (StorageFault.Is(error, cancellation, out var fault) && fault.Kind is StorageFaultKind.Conflict or StorageFaultKind.Missing)
        {
            return false;
        }
    }
}

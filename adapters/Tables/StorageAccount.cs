using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;

namespace Freeway.Adapters.Tables;

/// <summary>
/// The storage account with its tables, each created on first use. Creation that failed is tried again by the next
/// caller, so a process may start while storage is down.
/// </summary>
/// <param name="strict">For writes whose outcome must be judged; see <see cref="TableProfiles.Strict"/>.</param>
/// <param name="patient">For reads and writes that may be repeated; see <see cref="TableProfiles.Patient"/>.</param>
public sealed class StorageAccount(TableServiceClient strict, TableServiceClient patient, TableNames names)
{
    private readonly ConcurrentDictionary<string, Task> _created = new(StringComparer.Ordinal);

    public TableNames Names => names;

    /// <summary>The table, for writes whose outcome must be judged.</summary>
    /// <exception cref="RequestFailedException">It is not there yet and could not be created.</exception>
    public ValueTask<TableClient> StrictAsync(string table, CancellationToken cancellation) => OpenAsync(strict, table, cancellation);

    /// <summary>The table, for reads and for writes that may be repeated.</summary>
    /// <exception cref="RequestFailedException">It is not there yet and could not be created.</exception>
    public ValueTask<TableClient> PatientAsync(string table, CancellationToken cancellation) => OpenAsync(patient, table, cancellation);

    private async ValueTask<TableClient> OpenAsync(TableServiceClient client, string table, CancellationToken cancellation)
    {
        var creation = _created.GetOrAdd(table, Create);
        if (!creation.IsCompletedSuccessfully)
        {
            try
            {
                // Callers share one creation, so none of them may cancel it; the client's own time-out bounds it.
                await creation.WaitAsync(cancellation);
            }
            finally
            {
                if (creation.IsFaulted || creation.IsCanceled)
                {
                    _created.TryRemove(new(table, creation));
                }
            }
        }

        return client.GetTableClient(table);
    }

    private Task Create(string table) => strict.CreateTableIfNotExistsAsync(table, CancellationToken.None);
}

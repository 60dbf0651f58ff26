using Azure.Core.Pipeline;
using Freeway.Adapters.Tables;
using Freeway.EmbeddedTables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Local;

/// <summary>The embedded tables of a data folder, and how the adapters are put on them.</summary>
internal static partial class LocalTables
{
    /// <summary>
    /// The value of <c>AzureWebJobsStorage</c> while the tables are embedded: it says so, and names nothing to connect
    /// to.
    /// </summary>
    public const string Connection = "embedded";

    /// <summary>Opens the tables, and says so where an earlier Freeway has left its own to Azurite.</summary>
    /// <exception cref="LocalSetupException">The file cannot be used.</exception>
    public static TableDatabase Open(
        DataFolder folder, TableSync sync, TimeProvider time, Action<string> progress, ILoggerFactory loggers)
    {
        var isNew = !File.Exists(folder.Tables);
        var logger = loggers.CreateLogger(typeof(LocalTables));
        var tables = Open(
            new TableDatabaseOptions(folder.Tables)
            {
                Sync = sync,
                TimeProvider = time,
                Report = line => Fault(logger, line),
            });
        if (isNew && Directory.Exists(folder.Azurite))
        {
            progress(
                $"{folder.Azurite} holds the tables of an earlier run, which stay unread: start with --azurite to keep using "
                + "them");
        }

        progress("tables: embedded" + (sync is TableSync.Full ? ", each commit flushed to the disk" : ""));
        return tables;
    }

    private static TableDatabase Open(TableDatabaseOptions options)
    {
        try
        {
            return TableDatabase.Open(options);
        }
        catch (TableFileException error)
        {
            throw new LocalSetupException(error.Message, error);
        }
    }

    /// <summary>
    /// Puts the adapters on embedded tables, with the patience that they have with the service. A transport among the
    /// services, e.g. a test's that goes wrong, stands before them too.
    /// </summary>
    public static void Register(IServiceCollection services, TableDatabase tables) => services.AddSingleton(provider =>
    {
        var transport = provider.GetService<HttpPipelineTransport>();
        return new StorageAccount(
            tables.Connect(TableProfiles.Strict, transport),
            tables.Connect(TableProfiles.Patient, transport),
            provider.GetRequiredService<TableNames>());
    });

    [LoggerMessage(1, LogLevel.Error, "{Line}")]
    private static partial void Fault(ILogger logger, string line);
}

using Azure.Data.Tables;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.EmbeddedTables;
using Freeway.Gateway.Ledger;
using Freeway.Runner.Local;
using Microsoft.Extensions.Configuration;

namespace Freeway.Runner.Copying;

/// <summary>
/// One end of a copy: the embedded tables of a data folder, held while the copy runs, or the tables of a storage
/// account.
/// </summary>
internal sealed class TableEnd : IDisposable
{
    /// <summary>The word for the account that the settings name.</summary>
    public const string OfSettings = "settings";

    private static readonly string[] InConnection = ["AccountName=", "TableEndpoint=", "UseDevelopmentStorage="];

    private readonly TableDatabase? _embedded;

    private TableEnd(string? folder, TableDatabase? embedded, TableServiceClient client)
    {
        Folder = folder;
        _embedded = embedded;
        Client = client;
    }

    /// <summary>Gets the data folder; null for a storage account.</summary>
    public string? Folder { get; }

    public TableServiceClient Client { get; }

    /// <summary>Opens an end.</summary>
    /// <param name="text">
    /// A data folder, a connection string, the https address of a table service, which is reached by identity, or
    /// <see cref="OfSettings"/>.
    /// </param>
    /// <param name="isSource">Whether a data folder must have tables already.</param>
    /// <exception cref="LocalSetupException">
    /// Nothing is there, another process holds it, or it cannot be read.
    /// </exception>
    public static TableEnd Open(string text, IConfiguration settings, bool isSource)
    {
        if (Account(text, settings) is { } account)
        {
            return new(null, null, Connect(account));
        }

        var file = DataFolder.TablesOf(text);
        if (isSource && !File.Exists(file))
        {
            throw new LocalSetupException($"There are no embedded tables at {file} to copy.");
        }

        try
        {
            // What is copied may be deleted next, so it is on the disk once it is acknowledged.
            var embedded = TableDatabase.Open(new TableDatabaseOptions(file) { Sync = TableSync.Full });
            return new(Path.GetFullPath(text), embedded, embedded.Connect(Options));
        }
        catch (TableFileException error)
        {
            throw new LocalSetupException(error.Message, error);
        }
    }

    /// <summary>
    /// Refuses a storage account on which an instance has shown signs of life lately. Nothing but its heartbeat tells
    /// of it; embedded tables are held, which is proof enough.
    /// </summary>
    /// <exception cref="LocalSetupException">An instance is at work, or was until it was killed just now.</exception>
    public async Task RequireQuietAsync(TableNames names, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_embedded is not null)
        {
            return;
        }

        var limit = new LedgerOptions().StaleAfter;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableInstanceStore.Heartbeats}");
        await foreach (var row in TableCopy.RowsAsync(Client.GetTableClient(names.Instances), filter, cancellation))
        {
            var beat = TableInstanceStore.ReadHeartbeat(row);
            if ((now - beat.At).Duration() < limit)
            {
                throw new LocalSetupException(
                    $"The instance {beat.Instance} works on these tables, or did until it was killed less than "
                    + $"{limit.TotalSeconds:0} seconds ago: stop every Freeway that uses them, and try again.");
            }
        }
    }

    public void Dispose() => _embedded?.Dispose();

    /// <summary>The settings of the account that the text stands for; null where it is a folder.</summary>
    private static IConfiguration? Account(string text, IConfiguration settings)
    {
        if (text == OfSettings)
        {
            return HostSettings.NamesStorage(settings) ? settings : throw new LocalSetupException(
                $"The settings name no storage account: set {HostSettings.Storage}.");
        }

        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return Setting($"{HostSettings.Storage}:tableServiceUri", text);
        }

        return InConnection.Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? Setting(HostSettings.Storage, text)
            : null;
    }

    private static TableServiceClient Connect(IConfiguration account)
    {
        try
        {
            return TablesRegistration.Connect(account, Options(null));
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new LocalSetupException($"The storage account cannot be used: {error.Message}", error);
        }
    }

    /// <summary>A copy is in no hurry: a transaction of 3 MB may take a minute, and may be tried again.</summary>
    private static TableClientOptions Options(Azure.Core.Pipeline.HttpPipelineTransport? transport)
    {
        var options = new TableClientOptions
        {
            Retry = { MaxRetries = 5, MaxDelay = TimeSpan.FromSeconds(10), NetworkTimeout = TimeSpan.FromSeconds(60) },
        };
        options.Diagnostics.IsLoggingContentEnabled = false;
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return options;
    }

    private static IConfigurationRoot Setting(string name, string value) =>
        HostSettings.Read([KeyValuePair.Create(name, (string?)value)]);
}

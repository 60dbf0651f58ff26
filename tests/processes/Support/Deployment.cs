using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Freeway.Adapters.Tables;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Keys;
using Freeway.Tests.Shared;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests.Support;

/// <summary>Tables, broker and upstream, each in a process of its own, and the instances that share them.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const string Prefix = "shared";
    private const string Queue = "activity";

    /// <summary>A management key that all instances know when they are started with its hash.</summary>
    public const string AdminKey = "the operator's key of all instances";

    public static string AdminKeyHash { get; } = KeyHash.Of(AdminKey).Hex;

    private readonly string _folder = Directory.CreateTempSubdirectory("freeway-processes-").FullName;
    private readonly List<Instance> _instances = [];
    private readonly ITestOutputHelper _output;
    private readonly Part _upstream;
    private string _upstreamUrl;

    private Deployment(ITestOutputHelper output, string upstreamUrl)
    {
        _output = output;
        _upstreamUrl = upstreamUrl;
        Tables = new Part("azurite", _folder, "--data", _folder);
        // What a dead instance had received comes again once its lock is over.
        Broker = new Part("broker", _folder, "--data", _folder, "--queue", Queue, "--lock-seconds", "10");
        _upstream = new Part("upstream", _folder);
    }

    public Part Tables { get; }

    public Part Broker { get; }

    /// <param name="upstreamUrl">An upstream that the test has in its hands; null for one in a process of its own.</param>
    public static async Task<Deployment> StartAsync(ITestOutputHelper output, string? upstreamUrl = null)
    {
        var deployment = new Deployment(output, upstreamUrl ?? "");
        try
        {
            await Task.WhenAll(
                deployment.Tables.StartAsync(),
                deployment.Broker.StartAsync(),
                upstreamUrl is null ? deployment._upstream.StartAsync() : Task.CompletedTask);
            deployment._upstreamUrl = upstreamUrl ?? deployment._upstream.Connection;
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first instance seeds the demo org and its key, the others find them.</summary>
    public async Task<IReadOnlyList<Instance>> StartInstancesAsync(int count, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = Tables.Connection,
            ["ServiceBus"] = Broker.Connection,
            ["ActivityQueueName"] = Queue,
            ["Freeway__TablePrefix"] = Prefix,
            ["Freeway__Upstreams__loopback__BaseUrl"] = _upstreamUrl,
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        _instances.AddRange(await Task.WhenAll(Enumerable.Range(_instances.Count, count).Select(number =>
        {
            var folder = Path.Combine(_folder, $"instance-{number}");
            Directory.CreateDirectory(folder);
            return Instance.StartAsync(folder, all, number is 0 ? [] : ["--no-seed"]);
        })));
        return _instances;
    }

    /// <summary>A new org with one key.</summary>
    public async Task<string> NewKeyAsync(string org)
    {
        var secret = KeySecret.Create();
        var store = KeyStores.On(new StorageAccount(
            new TableServiceClient(Tables.Connection), new TableServiceClient(Tables.Connection), new TableNames(Prefix)));
        await store.SaveAsync(KeyHash.Of(secret), new Caller(new Org(org, org), new ApiKey($"{org}-key", org, "test")), CancellationToken.None);
        return secret;
    }

    /// <summary>The rows of the ledger whose keys begin like this.</summary>
    public async Task<IReadOnlyList<TableEntity>> LedgerAsync(string prefix) =>
        [.. (await RowsAsync(names => names.Ledger)).Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>The rows that tell recovery about instances.</summary>
    public Task<IReadOnlyList<TableEntity>> InstancesAsync() => RowsAsync(names => names.Instances);

    /// <summary>The entity of the one free quota that an org has touched.</summary>
    public async Task<(long Used, long Reserved)> QuotaAsync(string org)
    {
        var row = (await LedgerAsync("quota|")).Where(row => row.PartitionKey == org && row.GetString("Unit") == "Requests").ShouldHaveSingleItem();
        return (row.GetInt64("Used")!.Value, row.GetInt64("Reserved")!.Value);
    }

    /// <summary>Ends once no record is on its way: the ledger holds none, and the queue holds none.</summary>
    public async Task SettledAsync()
    {
        await Eventually.GetAsync(async () => (await LedgerAsync("request|")).Count, rows => rows is 0);
        await using var client = new ServiceBusClient(Broker.Connection);
        await using var receiver = client.CreateReceiver(Queue);
        await Eventually.TrueAsync(async () => await receiver.PeekMessageAsync(fromSequenceNumber: 0) is null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
            _output.WriteLine($"instance {instance.Url}: {instance.Process.Errors}");
        }

        await _upstream.DisposeAsync();
        await Broker.DisposeAsync();
        await Tables.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<TableEntity>> RowsAsync(Func<TableNames, string> name)
    {
        var table = new TableClient(Tables.Connection, name(new TableNames(Prefix)));
        await table.CreateIfNotExistsAsync();
        return await table.QueryAsync<TableEntity>().ToListAsync();
    }
}

using System.Globalization;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Freeway.Adapters.Tables;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Queues;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Freeway.Processes.Tests.Support;

/// <summary>
/// Tables, broker and upstream, and the instances that share them. Each instance is a process of its own; so are the
/// tables and the broker where a test takes them away. Else all deployments share one Azurite, and broker and upstream
/// are in this process: every process that is not started is a second or two that the suite does not take.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const string Queue = "activity";

    /// <summary>A management key that all instances know when they are started with its hash.</summary>
    public const string AdminKey = "the operator's key of all instances";

    /// <summary>What a dead instance had received comes again once its lock is over.</summary>
    private const int LockSeconds = 10;

    private static int _deployments;

    private readonly string _folder = Directory.CreateTempSubdirectory("freeway-processes-").FullName;
    private readonly string _prefix = string.Create(
        CultureInfo.InvariantCulture, $"deployment{Interlocked.Increment(ref _deployments)}x");
    private readonly List<Instance> _instances = [];
    private readonly ITestOutputHelper _output;
    private readonly Part? _tables;
    private readonly Part? _broker;
    private string _storage = "";
    private string _upstreamUrl = "";
    private ServiceBusBroker? _ownBroker;
    private LoopbackUpstream? _ownUpstream;

    private Deployment(ITestOutputHelper output, bool tablesApart, bool brokerApart)
    {
        _output = output;
        _tables = tablesApart ? new Part("azurite", _folder, "--data", _folder) : null;
        _broker = brokerApart
            ? new Part("broker", _folder, "--data", _folder, "--queue", Queue, "--lock-seconds", $"{LockSeconds}")
            : null;
    }

    public static string AdminKeyHash { get; } = KeyHash.Of(AdminKey).Hex;

    /// <summary>The tables, where they are a process of their own.</summary>
    public Part Tables => _tables ?? throw new InvalidOperationException("These tables cannot be taken away.");

    /// <summary>The broker, where it is a process of its own.</summary>
    public Part Broker => _broker ?? throw new InvalidOperationException("This broker cannot be taken away.");

    private string Storage => _tables?.Connection ?? _storage;

    private string ServiceBus => _broker?.Connection ?? _ownBroker!.ConnectionString;

    /// <param name="upstreamUrl">An upstream that the test has in its hands; null for another.</param>
    /// <param name="tablesApart">Whether the test takes the tables away.</param>
    /// <param name="brokerApart">Whether the test takes the broker away.</param>
    public static async Task<Deployment> StartAsync(
        ITestOutputHelper output, string? upstreamUrl = null, bool tablesApart = false, bool brokerApart = false)
    {
        var deployment = new Deployment(output, tablesApart, brokerApart);
        try
        {
            await Task.WhenAll(
                deployment.StartTablesAsync(), deployment.StartBrokerAsync(), deployment.StartUpstreamAsync(upstreamUrl));
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
            ["AzureWebJobsStorage"] = Storage,
            ["ServiceBus"] = ServiceBus,
            ["ActivityQueueName"] = Queue,
            ["Freeway__TablePrefix"] = _prefix,
            ["Freeway__Upstreams__loopback__BaseUrl"] = _upstreamUrl,
            // How busy the machine is decides no test: what is refused is refused for the quota's sake.
            ["Freeway__Ledger__ReserveDeadline"] = "00:01:00",
            // A row whose record was sent goes with the next heartbeat, which many tests wait for.
            ["Freeway__Ledger__HeartbeatEvery"] = "00:00:01",
            ["Freeway__Ledger__SpareFor"] = "00:00:00",
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
            new TableServiceClient(Storage), new TableServiceClient(Storage), new TableNames(_prefix)));
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
        await using var client = new ServiceBusClient(ServiceBus);
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

        foreach (var part in new IAsyncDisposable?[] { _ownUpstream, _ownBroker, _broker, _tables }.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartTablesAsync()
    {
        if (_tables is not null)
        {
            await _tables.StartAsync();
            return;
        }

        _storage = await AzuriteProcess.ConnectionAsync();
    }

    private async Task StartBrokerAsync()
    {
        if (_broker is not null)
        {
            await _broker.StartAsync();
            return;
        }

        var queue = new QueueOptions(Queue) { LockDuration = TimeSpan.FromSeconds(LockSeconds) };
        var options = new BrokerOptions { DataFolder = Path.Combine(_folder, "broker"), Queues = [queue] };
        _ownBroker = await ServiceBusBroker.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private async Task StartUpstreamAsync(string? upstreamUrl)
    {
        _ownUpstream = upstreamUrl is null ? await LoopbackUpstream.StartAsync(new LoopbackOptions(), TimeProvider.System) : null;
        _upstreamUrl = upstreamUrl ?? _ownUpstream!.BaseUrl;
    }

    private async Task<IReadOnlyList<TableEntity>> RowsAsync(Func<TableNames, string> name)
    {
        var table = new TableClient(Storage, name(new TableNames(_prefix)));
        await table.CreateIfNotExistsAsync();
        return await table.QueryAsync<TableEntity>().ToListAsync();
    }
}

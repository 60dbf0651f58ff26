using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.FrontDoor.Tests.OpenApi;
using Freeway.Gateway.Identity;
using Freeway.Runner;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>
/// A Freeway whose functions run in the real worker, with the upstream in a test's hands. Tests share one worker, each
/// as an org of its own, with a catalogue and an upstream of its own: a start takes seconds.
/// </summary>
public sealed class TestGateway : IAsyncDisposable
{
    /// <summary>A setting's value that stands for the address of <see cref="Upstream"/>.</summary>
    public const string LoopbackAddress = "{loopback}";

    /// <summary>The address of an upstream that is out of reach: the system hands out no port below 1024.</summary>
    public const string UnreachableAddress = "http://127.0.0.1:1/v1";

    private static int _orgs;

    private readonly SharedWorker _worker;
    private readonly bool _isShared;

    private TestGateway(SharedWorker worker, LoopbackUpstream upstream, bool isShared)
    {
        (_worker, Upstream, _isShared) = (worker, upstream, isShared);
        ApiKey = Host.ApiKey!;
        Http = Client(ApiKey);
    }

    public FreewayHost Host => _worker.Host;

    public LoopbackUpstream Upstream { get; }

    /// <summary>The org of <see cref="Http"/>.</summary>
    public string Org { get; private set; } = "";

    /// <summary>The secret of a key of the org.</summary>
    public string ApiKey { get; private set; } = "";

    /// <summary>The time that the functions go by.</summary>
    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>What was answered here, as <c>200 GET /api/v1/models</c>.</summary>
    public ConcurrentBag<string> Seen { get; } = [];

    /// <summary>A client with a key of the org.</summary>
    public HttpClient Http { get; private set; }

    /// <param name="script">Decides how the upstream answers; null leaves it to the request's own text.</param>
    /// <param name="settings">On top of the usual ones; null values take settings away.</param>
    /// <param name="hostFile">Null for the app's own.</param>
    /// <param name="alone">Whether the host is not shared, because the test ends it.</param>
    public static async Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? script = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        HostFile? hostFile = null,
        RouteOrder routeOrder = RouteOrder.Name,
        bool alone = false)
    {
        var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions { Script = script }, TimeProvider.System);
        var read = WorkerSettings.Read(settings, upstream.BaseUrl);
        var isShared = !alone && hostFile is null && routeOrder is RouteOrder.Name;
        var worker = isShared
            ? await SharedWorker.OfAsync(read)
            : await SharedWorker.StartAsync(read, hostFile, routeOrder);
        var gateway = new TestGateway(worker, upstream, isShared);
        await gateway.ActivateAsync(read.Catalogue);
        await gateway.MoveToNewOrgAsync();
        return gateway;
    }

    /// <summary>
    /// A client with this key, or with none; all that it is answered is checked against <c>openapi.json</c>.
    /// </summary>
    public HttpClient Client(string? secret) => new(new CheckedAnswers(new SocketsHttpHandler(), Seen), disposeHandler: true)
    {
        BaseAddress = Host.Url,
        DefaultRequestHeaders = { Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret) },
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>A new key of an org, which is made if it is new too.</summary>
    public async Task<string> NewKeyAsync(string org, bool disabled = false, bool orgDisabled = false)
    {
        var secret = KeySecret.Create();
        var own = OwnOf(org);
        var key = new ApiKey(KeyHash.Of(secret).Hex[..12], own, "test", disabled);
        await SaveAsync(secret, new Org(own, own, orgDisabled), key);
        return secret;
    }

    /// <summary>A client with a new key of this org, which is written as it is given.</summary>
    public async Task<HttpClient> NewCallerAsync(Org org, Func<ApiKey, ApiKey>? with = null)
    {
        var secret = KeySecret.Create();
        var own = org with { Id = OwnOf(org.Id) };
        var key = new ApiKey(KeyHash.Of(secret).Hex[..12], own.Id, "test");
        await SaveAsync(secret, own, with?.Invoke(key) ?? key);
        return Client(secret);
    }

    /// <summary>Tops up an org's account, as the operator does.</summary>
    public async Task TopUpAsync(string org, string usd, string? id = null)
    {
        using var admin = Client(Host.AdminKey!);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/admin/credits")
        {
            Content = new StringContent($$"""{"org":"{{OwnOf(org)}}","usd":"{{usd}}"}""", Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", id ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() } },
        };
        using var response = await admin.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Makes another catalogue the active one, in place of whatever there is.</summary>
    public async Task ActivateAsync(JsonObject catalogue)
    {
        using var admin = Client(Host.AdminKey!);
        var stored = await PostJsonAsync(admin, "versions", new JsonObject { ["catalogue"] = catalogue.DeepClone() });
        await PostJsonAsync(admin, "activations", new JsonObject { ["version"] = stored.GetProperty("version").GetInt32() });
    }

    /// <summary>What an org has left to spend, in nano-dollars.</summary>
    public async Task<decimal> LeftAsync(HttpClient? client = null) =>
        decimal.Parse(
            (await GetAsync("api/v1/credits", client)).GetProperty("left_usd").GetString()!, CultureInfo.InvariantCulture)
        * 1_000_000_000;

    public Task<HttpResponseMessage> ChatAsync(string model, string text = "hello there", bool stream = false, HttpClient? client = null) =>
        PostAsync(
            JsonSerializer.Serialize(new { model, stream, messages = new[] { new { role = "user", content = text } } }), client);

    public Task<HttpResponseMessage> PostAsync(
        string json, HttpClient? client = null, string path = "api/v1/chat/completions", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return (client ?? Http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<JsonElement> GetAsync(string path, HttpClient? client = null)
    {
        using var response = await (client ?? Http).GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    /// <summary>The activity as the front door shows it, once it has as many records as these.</summary>
    public Task<IReadOnlyList<JsonElement>> ActivityAsync(int records, string query = "") => ActivityAsync(Http, records, query);

    /// <summary>The same as another org sees its own.</summary>
    public async Task<IReadOnlyList<JsonElement>> ActivityAsync(HttpClient client, int records, string query = "") =>
        await Eventually.GetAsync(
            async () => (await GetAsync("api/v1/activity" + query, client)).GetProperty("data").EnumerateArray().ToList(),
            seen => seen.Count >= records);

    /// <summary>The rows of the org in the ledger whose keys begin like this.</summary>
    public async Task<IReadOnlyList<TableEntity>> LedgerAsync(string prefix)
    {
        var ledger = new TableClient(await AzuriteProcess.ConnectionAsync(), _worker.Names.Ledger);
        return [.. (await ledger.QueryAsync<TableEntity>().ToListAsync())
            .Where(row => row.PartitionKey == Org && row.RowKey.StartsWith(prefix, StringComparison.Ordinal))];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Upstream.DisposeAsync();
        if (!_isShared)
        {
            await _worker.DisposeAsync();
        }
    }

    /// <summary>An org that a test names is this gateway's own: others that share the worker name theirs alike.</summary>
    private string OwnOf(string org) => org == Org ? org : $"{org}-of-{Org}";

    private static async Task<JsonElement> PostJsonAsync(HttpClient admin, string path, JsonObject body)
    {
        using var response = await admin.PostAsync(
            "api/v1/admin/catalogue/" + path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }

    private async Task MoveToNewOrgAsync()
    {
        Org = string.Create(CultureInfo.InvariantCulture, $"org-{Interlocked.Increment(ref _orgs)}");
        Http.Dispose();
        ApiKey = await NewKeyAsync(Org);
        Http = Client(ApiKey);
        await TopUpAsync(Org, "5");
    }

    private async Task SaveAsync(string secret, Org org, ApiKey key)
    {
        var connection = await AzuriteProcess.ConnectionAsync();
        var account = new StorageAccount(new TableServiceClient(connection), new TableServiceClient(connection), _worker.Names);
        await KeyStores.On(account).SaveAsync(KeyHash.Of(secret), new Caller(org, key), CancellationToken.None);
    }
}

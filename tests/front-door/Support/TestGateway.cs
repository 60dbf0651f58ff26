using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.FrontDoor.Tests.OpenApi;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Runner;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A whole Freeway in this process, on tables of its own, with the clock and the upstream in a test's hands.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A setting's value that stands for the address of <see cref="Upstream"/>.</summary>
    public const string LoopbackAddress = "{loopback}";

    /// <summary>The address of an upstream that is out of reach: nobody listens there, nor ever will.</summary>
    /// <remarks>
    /// The system hands out no port below 1024. The port of an upstream that was just stopped refuses only until the system
    /// gives it to somebody else, e.g. to the upstream of a test that runs beside.
    /// </remarks>
    public const string UnreachableAddress = "http://127.0.0.1:1/v1";

    /// <summary>The setting that names the address of <see cref="Upstream"/>.</summary>
    public const string UpstreamUrl = "Freeway:Upstreams:loopback:BaseUrl";

    private readonly TablesFixture _tables;
    private readonly TableNames _names;

    private TestGateway(FreewayHost host, LoopbackUpstream upstream, ShiftedTime clock, TablesFixture tables, TableNames names)
    {
        (Host, Upstream, Clock, _tables, _names) = (host, upstream, clock, tables, names);
        Http = Client(host.ApiKey!);
    }

    public FreewayHost Host { get; }

    public LoopbackUpstream Upstream { get; }

    public ShiftedTime Clock { get; }

    /// <summary>The time that the functions go by.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>What was answered here, as <c>200 GET /api/v1/models</c>.</summary>
    public ConcurrentBag<string> Seen { get; } = [];

    /// <summary>The org of <see cref="Http"/>.</summary>
    public string Org { get; } = "demo";

    /// <summary>The secret of the demo org's key.</summary>
    public string ApiKey => Host.ApiKey!;

    /// <summary>A client with the demo org's key.</summary>
    public HttpClient Http { get; }

    /// <param name="script">Decides how the upstream answers; null leaves it to the request's own text.</param>
    /// <param name="services">Put in the place of the usual ones, e.g. a faulty transport.</param>
    /// <param name="settings">On top of the usual ones; null values take settings away.</param>
    /// <param name="signUp">Opens sign-up, with a provider of its own.</param>
    public static async Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? script = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        DateTimeOffset? at = null,
        bool runTimers = true,
        Action<IServiceCollection>? services = null,
        bool signUp = false)
    {
        var tables = await TestTables.SharedAsync();
        var names = TablesFixture.NewNames();
        var clock = new ShiftedTime(at ?? Noon);
        var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions { Script = script }, TimeProvider.System);
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "the tables of all tests",
            ["Freeway:TablePrefix"] = names.Prefix,
            // How busy the machine is decides no test: what is refused is refused for the quota's sake.
            ["Freeway:Ledger:ReserveDeadline"] = "00:01:00",
            // The rows of requests whose records were sent go with a heartbeat, and many tests wait for that.
            ["Freeway:Ledger:HeartbeatEvery"] = "00:00:01",
            ["Freeway:Ledger:SpareFor"] = "00:00:00",
            [UpstreamUrl] = upstream.BaseUrl,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            all[name] = value is LoopbackAddress ? upstream.BaseUrl : value;
        }

        var host = await FreewayHost.StartAsync(new FreewayHostOptions
        {
            Settings = all,
            TimeProvider = clock,
            RunTimers = runTimers,
            SignUp = signUp,
            ConfigureServices = own =>
            {
                own.AddSingleton(provider => tables.Account(
                    provider.GetRequiredService<TableNames>(), provider.GetService<HttpPipelineTransport>()));
                services?.Invoke(own);
            },
        });
        return new TestGateway(host, upstream, clock, tables, names);
    }

    /// <summary>A client with this key, or with none; all that it is answered is checked against <c>openapi.json</c>.</summary>
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
        var id = KeyHash.Of(secret).Hex[..12];
        await Host.Services.GetRequiredService<IKeyStore>().SaveAsync(
            KeyHash.Of(secret), new Caller(new Org(org, org, orgDisabled), new ApiKey(id, org, "test", disabled)), CancellationToken.None);
        return secret;
    }

    /// <summary>A client with a new key of this org, which is written as it is given.</summary>
    public async Task<HttpClient> NewCallerAsync(Org org, Func<ApiKey, ApiKey>? with = null)
    {
        var secret = KeySecret.Create();
        var key = new ApiKey(KeyHash.Of(secret).Hex[..12], org.Id, "test");
        await Host.Services.GetRequiredService<IKeyStore>().SaveAsync(KeyHash.Of(secret), new Caller(org, with?.Invoke(key) ?? key), CancellationToken.None);
        return Client(secret);
    }

    /// <summary>Tops up an org's account, as the operator does.</summary>
    public async Task TopUpAsync(string org, string usd, string? id = null)
    {
        using var admin = Client(Host.AdminKey!);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/admin/credits")
        {
            Content = new StringContent($$"""{"org":"{{org}}","usd":"{{usd}}"}""", Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", id ?? Guid.CreateVersion7(Clock.GetUtcNow()).ToString() } },
        };
        using var response = await admin.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Makes another catalogue the active one, in place of whatever there is.</summary>
    public async Task ActivateAsync(JsonObject catalogue)
    {
        var services = Host.Services;
        var register = services.GetRequiredService<CatalogueRegister>();
        var decision = await register.ChangeAsync(AdminCommand.OfFreeway, "test.activate", async head =>
        {
            var version = await register.VersionOfAsync(head, CatalogueBundle.Of(catalogue, _ => null), "test", CatalogueSource.Api, null, CancellationToken.None);
            return new HeadDraft(head! with { Active = version, Latest = version, FollowsFiles = false }, null, null);
        }, CancellationToken.None);
        decision.Accepted(out _, out _).ShouldBeTrue();
        await services.GetRequiredService<CurrentCatalogue>().RefreshAnewAsync(CancellationToken.None);
    }

    /// <summary>What an org has left to spend, in nano-dollars.</summary>
    public async Task<decimal> LeftAsync(HttpClient? client = null) =>
        decimal.Parse((await GetAsync("api/v1/credits", client)).GetProperty("left_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000;

    public Task<HttpResponseMessage> ChatAsync(string model, string text = "hello there", bool stream = false, HttpClient? client = null) =>
        PostAsync(JsonSerializer.Serialize(new { model, stream, messages = new[] { new { role = "user", content = text } } }), client);

    public Task<HttpResponseMessage> PostAsync(
        string json, HttpClient? client = null, string path = "api/v1/chat/completions", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
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
    public async Task<IReadOnlyList<JsonElement>> ActivityAsync(int records, string query = "") =>
        await Eventually.GetAsync(
            async () => (await GetAsync("api/v1/activity" + query)).GetProperty("data").EnumerateArray().ToList(),
            seen => seen.Count >= records);

    /// <summary>The same as another org sees its own.</summary>
    public async Task<IReadOnlyList<JsonElement>> ActivityAsync(HttpClient client, int records) =>
        await Eventually.GetAsync(
            async () => (await GetAsync("api/v1/activity", client)).GetProperty("data").EnumerateArray().ToList(),
            seen => seen.Count >= records);

    public TableClient Table(Func<TableNames, string> name) => _tables.Connect(TableProfiles.Patient).GetTableClient(name(_names));

    /// <summary>The rows of the ledger whose keys begin like this.</summary>
    public async Task<IReadOnlyList<TableEntity>> LedgerAsync(string prefix)
    {
        var ledger = Table(names => names.Ledger);
        await ledger.CreateIfNotExistsAsync();
        return [.. (await ledger.QueryAsync<TableEntity>().ToListAsync()).Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <summary>
    /// Every row of every table, as text: keys, names and values, bytes also as the text that they may be.
    /// </summary>
    public async Task<IReadOnlyList<string>> EverythingAsync()
    {
        var rows = new List<string>();
        foreach (var name in new Func<TableNames, string>[]
        {
            names => names.Ledger, names => names.Instances, names => names.Keys, names => names.Activity, names => names.Usage,
            names => names.Catalogue, names => names.Resets, names => names.Notices, names => names.Responses,
        })
        {
            var table = Table(name);
            await table.CreateIfNotExistsAsync();
            rows.AddRange(await table.QueryAsync<TableEntity>().Select(Text).ToListAsync());
        }

        return rows;

        static string Text(TableEntity row) => string.Join('\n', row.Select(
            cell => $"{cell.Key}={(cell.Value is byte[] bytes ? Convert.ToBase64String(bytes) + Encoding.UTF8.GetString(bytes) : cell.Value)}"));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Upstream.DisposeAsync();
        await Host.DisposeAsync();
    }
}

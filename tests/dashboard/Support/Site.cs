using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;

namespace Freeway.Dashboard.Tests.Support;

/// <summary>
/// A whole Freeway with some days of use behind it. Its clock says noon, so that no test meets midnight.
/// </summary>
public class Site : IAsyncLifetime
{
    private const int Days = 6;

    private string _storage = "";
    private string _prefix = "";
    private int _port;
    private LoopbackUpstream _upstream = null!;

    public FreewayHost Host { get; private set; } = null!;

    public ShiftedTime Clock { get; private set; } = null!;

    public string ApiKey => Host.ApiKey!;

    public string AdminKey => Host.AdminKey!;

    /// <summary>The day before the one on which the site is looked at.</summary>
    public DateOnly Yesterday => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime).AddDays(-1);

    public async Task InitializeAsync()
    {
        _storage = await AzuriteProcess.ConnectionAsync();
        _prefix = AzuriteFixture.NewNames().Prefix;
        _upstream = await LoopbackUpstream.StartAsync(
            new LoopbackOptions { Models = ["echo", "writer", "newcomer"] }, TimeProvider.System);
        var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        Clock = new ShiftedTime(today.AddHours(12).AddDays(-Days));
        await StartAsync();
        await LiveAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    /// <summary>Stops it; <see cref="ReturnAsync"/> brings it back at the same address.</summary>
    public async Task GoAwayAsync() => await Host.DisposeAsync();

    public Task ReturnAsync() => StartAsync();

    /// <summary>A client with this key, or with none.</summary>
    public HttpClient Client(string? key) => new(new SocketsHttpHandler(), disposeHandler: true)
    {
        BaseAddress = Host.Url,
        DefaultRequestHeaders = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Sends one chat request.</summary>
    public async Task<int> ChatAsync(string model, string text = "hello there", string? key = null)
    {
        using var client = Client(key ?? ApiKey);
        using var response = await client.PostAsJsonAsync(
            "api/v1/chat/completions",
            new { model, max_tokens = 100, messages = new[] { new { role = "user", content = text } } });
        return (int)response.StatusCode;
    }

    /// <summary>What an operator does by a call.</summary>
    public async Task<JsonElement> OrderAsync(string path, object body, string method = "POST")
    {
        using var client = Client(AdminKey);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"api/v1/admin/{path}")
        {
            Content = JsonContent.Create(body),
        };
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Days in which a little more is used each day, and the last of which begins to be spent.</summary>
    private async Task LiveAsync()
    {
        await OrderAsync("orgs", new { id = "acme", name = "Acme Ltd" });
        for (var day = 0; day <= Days; day++)
        {
            for (var request = 0; request < 4 + day; request++)
            {
                await ChatAsync("demo/echo:free");
            }

            await ChatAsync("acme/reader:free", "What is left of today?");
            await ChatAsync("acme/writer", string.Join(' ', Enumerable.Repeat("word", 100 + (20 * day))));
            await ChatAsync("demo/echo", "A paid request");
            await ChatAsync("demo/nobody:free");
            if (day is Days)
            {
                // The ten of this day are used.
                (await ChatAsync("demo/echo:free")).ShouldBe(429);
            }
            else
            {
                Clock.MoveOn(TimeSpan.FromDays(1));
            }
        }
    }

    private async Task StartAsync()
    {
        Host = await FreewayHost.StartAsync(new FreewayHostOptions
        {
            Port = _port,
            CataloguePath = Path.Combine(AppContext.BaseDirectory, "dashboard-catalogue.json"),
            TimeProvider = Clock,
            Settings = new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = _storage,
                ["Freeway:TablePrefix"] = _prefix,
                ["Freeway:Upstreams:loopback:BaseUrl"] = _upstream.BaseUrl,
            },
        });
        _port = Host.Url.Port;
    }
}

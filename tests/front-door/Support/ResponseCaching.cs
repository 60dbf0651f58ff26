using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.FrontDoor.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A test of the response cache, with an organisation of its own.</summary>
public abstract class ResponseCaching(CachingGateway fixture)
{
    protected const string Header = "x-freeway-cache";
    protected const string Cached = "acme/m:free";
    private static int _orgs;

    protected string Org { get; } = $"org-{Interlocked.Increment(ref _orgs)}";

    protected TestGateway Gateway => fixture.Gateway;

    protected Task<JsonElement> PlayAsync(HttpClient caller, string scenario, object settings) => NodeClient.PlayAsync(
        Gateway, "openai.mjs", scenario, settings, caller.DefaultRequestHeaders.Authorization!.Parameter);

    protected async Task<HttpClient> NewOrgAsync(string key = "{}")
    {
        using var admin = Gateway.Admin();
        return await Gateway.NewOrgAsync(admin, Org, key);
    }

    protected async Task<(string Cache, string Text)> AskAsync(
        HttpClient caller, string more = "", bool stream = false, string model = Cached)
    {
        using var answer = await SendAsync(caller, Body(more, stream, model));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (answer.Header(Header), await answer.Content.ReadAsStringAsync());
    }

    protected string Body(string more = "", bool stream = false, string model = Cached) => JsonSerializer.Serialize(
        new { model, stream, max_tokens = 4000, messages = new[] { new { role = "user", content = Org + more } } });

    protected Task<HttpResponseMessage> SendAsync(
        HttpClient caller, string body, string? header = "use", params (string Name, string Value)[] headers) =>
        Gateway.PostAsync(
            body, caller, headers: header is null ? headers : [.. headers, (Header, header)]);

    /// <summary>How often the upstream was sent a request of this test's organisation.</summary>
    protected int Called() => Gateway.Upstream.Requests
        .Select(request => Encoding.UTF8.GetString(request.Body.Span))
        .Count(body => body.Contains($"\"{Org} ", StringComparison.Ordinal)
            || body.Contains($"\"{Org}\"", StringComparison.Ordinal));

    /// <summary>The answers that are stored for this test's organisation.</summary>
    protected Task<List<TableEntity>> RowsAsync() => CachingGateway.RowsAsync(Gateway, Org);

    /// <summary>Waits until as many answers are stored: that comes after the answer.</summary>
    protected Task StoredAsync(int rows) => Eventually.GetAsync(RowsAsync, seen => seen.Count == rows);

    protected async Task<long> UsedAsync(HttpClient caller) =>
        (await Gateway.GetAsync("api/v1/quota/" + Cached, caller)).GetProperty("data").EnumerateArray()
            .Single(limit => limit.GetProperty("id").GetString() == "cached.daily").GetProperty("used").GetInt64();
}

/// <summary>A gateway two of whose plans have a response cache, for ten minutes.</summary>
public sealed class CachingGateway : IAsyncLifetime
{
    public const int LongestAnswer = 4096;

    public TestGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await TestGateway.StartAsync(settings: Settings());

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    /// <param name="more">On top of the catalogue and its bounds.</param>
    public static Dictionary<string, string?> Settings(params (string Name, string Value)[] more) => TestCatalogue.Settings(
        new
        {
            plans = new
            {
                cached = new { cache_seconds = 600, limits = new[] { Daily(2) } },
                many = new { extends = "cached", limits = new[] { Daily(100) } },
                plain = new { limits = new[] { Daily(2) } },
            },
            models = new[] { Model("acme/m", "cached"), Model("acme/many", "many"), Model("acme/plain", "plain") },
        },
        [("Freeway:Cache:LongestAnswer", $"{LongestAnswer}"), ("Freeway:Cache:AnswersPerKey", "2"), .. more]);

    /// <summary>The answers that are stored for an organisation.</summary>
    public static async Task<List<TableEntity>> RowsAsync(TestGateway gateway, string org)
    {
        var account = gateway.Host.Services.GetRequiredService<StorageAccount>();
        var table = await account.PatientAsync(account.Names.Responses, CancellationToken.None);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {TableKey.From(org)} and PartitionKey lt {TableKey.Until(org)}");
        return await table.QueryAsync<TableEntity>(filter).ToListAsync();
    }

    private static JsonObject Model(string id, string plan) =>
        TestCatalogue.Model(id, new { free = new { enabled = true, plan } });

    private static object Daily(int amount) =>
        new { name = "daily", unit = "requests", amount, window = "day", scope = "org_model" };
}

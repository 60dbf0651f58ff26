using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>A gateway whose free plan counts end users, and requests that name them.</summary>
internal static class EndUserCalls
{
    public const string Header = "x-freeway-end-user";

    public static string Hash(IReadOnlyList<string> rows) =>
        Regex.Match(string.Join('\n', rows), "eu_[0-9a-f]{32}").Value;

    /// <summary>The hash of an id, as the record of a request that names it has it.</summary>
    public static async Task<string> RecordedHashAsync(TestGateway gateway, string user, HttpClient? client = null)
    {
        using var answer = await gateway.PostAsync(
            """{"model":"test/model:free","messages":[]}""", client, headers: (Header, user));
        var id = answer.Header("x-freeway-request-id");
        var record = await Eventually.GetAsync(
            async () =>
            {
                using var found = await (client ?? gateway.Http).GetAsync($"api/v1/activity/{id}");
                return found.IsSuccessStatusCode ? await found.JsonAsync() : default;
            },
            found => found.ValueKind is JsonValueKind.Object);
        return record.GetProperty("end_user").GetString()!;
    }

    public static async Task<long> UsedAsync(TestGateway gateway, string user) =>
        (await gateway.GetAsync($"api/v1/quota/test/model:free?end_user={user}")).GetProperty("data").EnumerateArray()
            .Single(limit => limit.GetProperty("id").GetString() is "app.daily").GetProperty("used").GetInt64();

    public static async Task<IReadOnlyList<TableEntity>> RowsAsync(TestGateway gateway) => await gateway.LedgerAsync("enduser|");

    public static Task<TestGateway> StartAsync(
        object? limit = null,
        (string Name, string Value)[]? settings = null,
        Func<LoopbackRequest, LoopbackScript?>? script = null) =>
        TestGateway.StartAsync(script, Settings(limit, settings));

    public static Dictionary<string, string?> Settings(
        object? limit = null, (string Name, string Value)[]? settings = null) => TestCatalogue.Settings(
        new
        {
            plans = new { app = new { limits = limit as object[] ?? [limit ?? Daily(10)] } },
            models = new[]
            {
                TestCatalogue.Model("test/model", new { free = new { enabled = true, plan = "app" } }),
                TestCatalogue.Model("test/other", new { free = new { enabled = true, plan = "app" } }),
            },
        },
        settings ?? []);

    public static object Daily(int amount, string scope = "end-user") =>
        new { name = "daily", unit = "requests", amount, window = "day", scope };

    public static Task<HttpResponseMessage> SendAsync(
        TestGateway gateway, string? user = null, string? safety = null, string? header = null, string model = "test/model:free")
    {
        var body = new Dictionary<string, object?>
        {
            ["model"] = model,
            ["messages"] = new[] { new { role = "user", content = "hello" } },
        };
        foreach (var (name, value) in new[] { ("user", user), ("safety_identifier", safety) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return gateway.PostAsync(
            JsonSerializer.Serialize(body), headers: header is null ? [] : [(Header, header)]);
    }
}

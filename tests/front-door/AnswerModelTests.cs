using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;

namespace Freeway.FrontDoor.Tests;

/// <summary>
/// The answer's <c>model</c> by one rule: the catalogue's id without a variant, as the header <c>x-freeway-model</c> has it,
/// whatever the upstream calls the model and whichever slug was asked for.
/// </summary>
public sealed class AnswerModelTests
{
    private const string Chat = """{"model":"SLUG","messages":[{"role":"user","content":"one two"}]}""";

    /// <summary>A request of each surface whose answers name a model.</summary>
    public static TheoryData<string, string> Requests => new()
    {
        { "chat/completions", Chat },
        { "chat/completions", """{"model":"SLUG","stream":true,"messages":[{"role":"user","content":"one two"}]}""" },
        { "completions", """{"model":"SLUG","prompt":"one two"}""" },
        { "completions", """{"model":"SLUG","stream":true,"prompt":"one two"}""" },
        { "responses", """{"model":"SLUG","input":"one two"}""" },
        { "responses", """{"model":"SLUG","stream":true,"input":"one two"}""" },
        { "embeddings", """{"model":"SLUG","input":"one two"}""" },
        { "moderations", """{"model":"SLUG","input":"one two"}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Model_OfEverySurface_IsTheCataloguesId(string endpoint, string json)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var answer = await gateway.PostAsync(
            json.Replace("SLUG", "acme/m:free", StringComparison.Ordinal), caller, $"api/v1/{endpoint}");

        (await ModelsAsync(answer)).ShouldBe(["acme/m"]);
        answer.Header("x-freeway-model").ShouldBe("acme/m");
    }

    [Theory]
    [InlineData("acme/m")]
    [InlineData("acme/m:free")]
    [InlineData("acme/m:flex")]
    [InlineData("auto:free")]
    public async Task Model_OfEverySlug_IsTheCataloguesId(string slug)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");

        using var answer = await gateway.PostAsync(Chat.Replace("SLUG", slug, StringComparison.Ordinal), caller);

        (await ModelsAsync(answer)).ShouldBe(["acme/m"]);
        answer.Header("x-freeway-model").ShouldBe("acme/m");
        (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem().GetProperty("upstream_model").GetString().ShouldBe("echo");
    }

    /// <summary>The names that an answer has for its model, in the body or in each event, each once.</summary>
    private static async Task<IReadOnlyList<string>> ModelsAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var documents = answer.Content.Headers.ContentType?.MediaType is "text/event-stream"
            ? text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => line[6..])
            : [text];
        return [.. documents.Select(document => ModelOf(JsonDocument.Parse(document).RootElement)).OfType<string>().Distinct()];
    }

    private static string? ModelOf(JsonElement json) =>
        json.TryGetProperty("model", out var model) ? model.GetString()
        : json.TryGetProperty("response", out var response) ? ModelOf(response)
        : null;

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(settings: TestCatalogue.Settings(new
    {
        plans = new { ten = new { limits = new[] { new { name = "daily", unit = "requests", amount = 10, window = "day", scope = "org_model" } } } },
        models = new[] { TestCatalogue.Model("acme/m", new { flex_percent = 50, free = new { enabled = true, plan = "ten" } }) },
    }));
}

using System.Net;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>Who sends one request after the other, each once the last was read to its end, never meets the last one.</summary>
public sealed class SequentialCallerTests
{
    /// <summary>How often a request is followed at once by the next: without the wait some of them were refused.</summary>
    private const int Requests = 10;

    [Theory]
    [InlineData("acme/one:free", false)]
    [InlineData("acme/one:free", true)]
    [InlineData("acme/tokens:free", false)]
    [InlineData("acme/tokens:free", true)]
    [InlineData("acme/paid", false)]
    [InlineData("acme/paid", true)]
    public async Task OneAtATime_TheAnswerEndsOnlyOnceWhatItGivesBackIsThere(string model, bool stream)
    {
        var (arrived, settle, transactions) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await StartAsync(storage);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "0.003");
        storage.BeforeSending = request =>
        {
            // The first transaction reserves, the second settles.
            if (!IsTransaction(request) || Interlocked.Increment(ref transactions) is not 2)
            {
                return Task.CompletedTask;
            }

            arrived.SetResult();
            return settle.Task;
        };

        var first = ReadAsync(gateway, caller, model, stream);
        await arrived.Task;
        using (await gateway.Http.GetAsync("health/live"))
        {
            first.IsCompleted.ShouldBeFalse();
        }

        settle.SetResult();
        (await first).ShouldBe(HttpStatusCode.OK);
        (await ReadAsync(gateway, caller, model, stream)).ShouldBe(HttpStatusCode.OK);

        static bool IsTransaction(Request request) => request.Uri.ToString().EndsWith("$batch", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme/one:free", false)]
    [InlineData("acme/one:free", true)]
    [InlineData("acme/tokens:free", false)]
    [InlineData("acme/tokens:free", true)]
    [InlineData("acme/paid", false)]
    [InlineData("acme/paid", true)]
    public async Task OneAtATime_ASequentialCaller_IsNeverRefused(string model, bool stream)
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "0.003");

        for (var request = 0; request < Requests; request++)
        {
            (await ReadAsync(gateway, caller, model, stream)).ShouldBe(HttpStatusCode.OK, $"request {request}");
        }
    }

    [Fact]
    public async Task IdempotencyKey_SentAgainAtOnce_GetsTheAnswer()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        for (var request = 0; request < Requests; request++)
        {
            var key = ("Idempotency-Key", $"key-{request}");
            using var first = await gateway.PostAsync(Body("acme/many:free", stream: false), caller, headers: [key]);
            var answer = await first.Content.ReadAsStringAsync();
            using var again = await gateway.PostAsync(Body("acme/many:free", stream: false), caller, headers: [key]);

            again.StatusCode.ShouldBe(HttpStatusCode.OK, $"request {request}");
            again.Header("x-freeway-idempotent").ShouldBe("replayed");
            (await again.Content.ReadAsStringAsync()).ShouldBe(answer);
        }

        gateway.Upstream.Received.ShouldBe(Requests);
    }

    [Fact]
    public async Task Stream_SettledBeforeItsEnd_HidesTheUsageThatNobodyAskedFor()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var response = await gateway.PostAsync(Body("acme/one:free", stream: true), caller);
        var events = await response.Content.ReadAsStringAsync();

        events.ShouldEndWith("data: [DONE]\n\n");
        events.ShouldNotContain("prompt_tokens");
        events.ShouldNotContain("freeway");
    }

    private static async Task<HttpStatusCode> ReadAsync(TestGateway gateway, HttpClient caller, string model, bool stream)
    {
        using var response = await gateway.PostAsync(Body(model, stream), caller);
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    private static string Body(string model, bool stream) => new JsonObject
    {
        ["model"] = model,
        ["stream"] = stream,
        ["max_tokens"] = 900,
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello" }),
    }.ToJsonString();

    private static Task<TestGateway> StartAsync(FaultyTransport? storage = null) => TestGateway.StartAsync(
        settings: TestCatalogue.Settings(new
        {
            default_plan = "standard",
            plans = new
            {
                standard = new { billing = "prepaid" },
                single = new { limits = new[] { new { name = "at-once", unit = "concurrent_requests", amount = 1, scope = "org" } } },
                tokens = new { limits = new[] { new { name = "tokens", unit = "tokens", amount = 1_500, window = "day", scope = "org" } } },
                many = new { limits = new[] { new { name = "a-day", unit = "requests", amount = 100, window = "day", scope = "org" } } },
            },
            models = new[]
            {
                TestCatalogue.Model("acme/one", new { free = new { enabled = true, plan = "single" } }),
                TestCatalogue.Model("acme/tokens", new { free = new { enabled = true, plan = "tokens" } }),
                TestCatalogue.Model("acme/paid"),
                TestCatalogue.Model("acme/many", new { free = new { enabled = true, plan = "many" } }),
            },
        }),
        services: services =>
        {
            if (storage is not null)
            {
                services.AddSingleton<HttpPipelineTransport>(storage);
            }
        });
}

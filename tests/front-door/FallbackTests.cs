using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>A list of models: the next answers where one cannot, and what failed costs nothing.</summary>
public sealed class FallbackTests
{
    [Theory]
    [InlineData(503, false)]
    [InlineData(429, false)]
    [InlineData(401, false)]
    [InlineData(0, false)]
    [InlineData(503, true)]
    [InlineData(0, true)]
    public async Task Upstream_FailsBeforeTheFirstByte_TheNextAnswersIsBilledAndRecorded(int status, bool stream)
    {
        await using var gateway = await StartAsync(request => request.Chat!.Model is "free" or "gone"
            ? status is 0 ? new LoopbackScript { HangUp = true } : new LoopbackScript { Error = status }
            : null);
        using var caller = await CallerAsync(gateway);

        using var response = await AskAsync(gateway, caller, "acme/free:free", ["acme/gone", "acme/paid"], stream);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        (response.Header("x-freeway-model"), response.Header("x-freeway-tier")).ShouldBe(("acme/paid", "paid"));
        gateway.Upstream.Requests.Select(request => request.Chat!.Model).ShouldBe(["free", "gone", "paid"]);
        Encoding.UTF8.GetString(gateway.Upstream.Requests[2].Body.Span).ShouldNotContain("models");
        await OneRecordAsync(gateway, caller, "acme/free:free", "acme/paid", 200, "0.000085");
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000 - 85_000);
        await NothingHeldAsync(gateway, freeUsed: 0);
    }

    /// <summary>The first one's failure was told before, and then the connection was cut.</summary>
    [Fact]
    public async Task Reservation_OfTheNextIsInDoubt_IsWhatTheCallerIsTold()
    {
        var batches = 0;
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await StartAsync(
            request => request.Chat!.Model is "free" ? new LoopbackScript { Error = 503 } : null,
            services => services.AddSingleton<HttpPipelineTransport>(storage),
            ("Freeway:Ledger:ReserveDeadline", "00:00:02"));
        using var caller = await CallerAsync(gateway);
        // The first one's reservation and what gives it back go through; the next one's reservation gets no answer.
        storage.Seen = request => storage.Hung |= IsTransaction(request) && Interlocked.Increment(ref batches) is 3;

        using var response = await AskAsync(gateway, caller, "acme/free:free", ["acme/paid"]);
        storage.Hung = false;

        var error = await response.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        error.GetProperty("code").GetString().ShouldBe("outcome_unknown");
        gateway.Upstream.Received.ShouldBe(1);
        await OneRecordAsync(gateway, caller, "acme/free:free", "acme/free", 502, "0.00");
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000);
        await NothingHeldAsync(gateway, freeUsed: 0);

        static bool IsTransaction(Request request) => request.Uri.ToString().EndsWith("$batch", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_IsSpent_TheNextAnswersAndTheBareIdPays()
    {
        await using var gateway = await StartAsync();
        using var caller = await CallerAsync(gateway);
        using (var first = await AskAsync(gateway, caller, "acme/free:free"))
        {
            first.Header("x-freeway-tier").ShouldBe("free");
        }

        using var response = await AskAsync(gateway, caller, "acme/free:free", ["acme/free"]);

        (response.StatusCode, response.Header("x-freeway-tier")).ShouldBe((HttpStatusCode.OK, "paid"));
        gateway.Upstream.Received.ShouldBe(2);
        (await gateway.ActivityAsync(caller, 2)).Count(record => record.GetProperty("status").GetInt32() is 200).ShouldBe(2);
    }

    [Fact]
    public async Task Credit_IsMissing_TheFreeOneAnswers()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("poor", "Poor"));

        using var response = await AskAsync(gateway, caller, "acme/paid", ["acme/free:free"]);

        (response.StatusCode, response.Header("x-freeway-model")).ShouldBe((HttpStatusCode.OK, "acme/free"));
    }

    [Fact]
    public async Task Models_WithoutAModel_AreTriedFromTheirFirst()
    {
        await using var gateway = await StartAsync();
        using var caller = await CallerAsync(gateway);

        using var response = await AskAsync(gateway, caller, null, ["acme/paid", "acme/free:free"]);

        response.Header("x-freeway-model").ShouldBe("acme/paid");
        using var sent = JsonDocument.Parse(gateway.Upstream.Requests.ShouldHaveSingleItem().Body);
        sent.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["model", "max_tokens", "stream", "messages"], ignoreOrder: true);
        await OneRecordAsync(gateway, caller, "acme/paid", "acme/paid", 200, "0.000085");
    }

    [Fact]
    public async Task AllFail_AreOneRecordOfTheLastAndNothingIsTaken()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 500 });
        using var caller = await CallerAsync(gateway);

        using var response = await AskAsync(gateway, caller, "acme/free:free", ["acme/gone", "acme/paid"]);

        (await response.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        gateway.Upstream.Received.ShouldBe(3);
        await OneRecordAsync(gateway, caller, "acme/free:free", "acme/paid", 502, "0.00");
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000);
        await NothingHeldAsync(gateway, freeUsed: 0);
    }

    [Fact]
    public async Task FirstFails_TheOthersAreRefused_IsTheFirstsRecord()
    {
        await using var gateway = await StartAsync(request => request.Chat!.Model is "free" ? new LoopbackScript { Error = 500 } : null);
        using var caller = await gateway.NewCallerAsync(new Org("poor", "Poor"));

        using var response = await AskAsync(gateway, caller, "acme/free:free", ["acme/paid"]);

        (await response.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        await OneRecordAsync(gateway, caller, "acme/free:free", "acme/free", 502, "0.00");
        await NothingHeldAsync(gateway, freeUsed: 0);
    }

    [Fact]
    public async Task AllAreRefused_ToldIsWhatWaitingEndsSoonest()
    {
        await using var gateway = await StartAsync();
        using var caller = await gateway.NewCallerAsync(new Org("poor", "Poor"));
        using (await AskAsync(gateway, caller, "acme/free:free"))
        {
        }

        using var response = await AskAsync(gateway, caller, "acme/paid", ["acme/free:free"]);

        var error = await response.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        error.GetProperty("message").GetString()!.ShouldContain("'acme/free:free' is the first that can again");
        response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Upstream_RefusesTheContent_ItsAnswerPassesAndNothingElseIsTried()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 400 });
        using var caller = await CallerAsync(gateway);

        using var response = await AskAsync(gateway, caller, "acme/gone", ["acme/paid"]);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        gateway.Upstream.Received.ShouldBe(1);
    }

    [Theory]
    [InlineData("acme/nobody", HttpStatusCode.NotFound, "model_not_found")]
    [InlineData("acme/paid:free", HttpStatusCode.BadRequest, "free_slug_not_enabled")]
    [InlineData("acme/paid:flex", HttpStatusCode.BadRequest, "flex_slug_not_enabled")]
    [InlineData("acme/paid:free:flex", HttpStatusCode.BadRequest, "conflicting_variants")]
    [InlineData("", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task List_WithABadEntry_IsRefusedBeforeAnythingIsTried(string slug, HttpStatusCode status, string code)
    {
        await using var gateway = await StartAsync();
        using var caller = await CallerAsync(gateway);

        using var response = await AskAsync(gateway, caller, "acme/paid", ["acme/free:free", slug]);

        var error = await response.ErrorAsync(status);
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe((code, "models"));
        gateway.Upstream.Received.ShouldBe(0);
    }

    [Fact]
    public async Task Repeat_OfARequestThatFellBack_IsTheOneOutcome()
    {
        await using var gateway = await StartAsync(request => request.Chat!.Model is "gone" ? new LoopbackScript { Error = 503 } : null);
        using var caller = await CallerAsync(gateway);

        using var first = await AskAsync(gateway, caller, "acme/gone", ["acme/paid"], key: "one");
        var answer = await first.Content.ReadAsStringAsync();
        await OneRecordAsync(gateway, caller, "acme/gone", "acme/paid", 200, "0.000085");
        using var second = await AskAsync(gateway, caller, "acme/gone", ["acme/paid"], key: "one");

        (first.StatusCode, second.StatusCode, second.Header("x-freeway-idempotent")).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK, "replayed"));
        (await second.Content.ReadAsStringAsync()).ShouldBe(answer);
        gateway.Upstream.Received.ShouldBe(2);
        (await gateway.LeftAsync(caller)).ShouldBe(1_000_000_000 - 85_000);
    }

    [Fact]
    public async Task Repeat_WhileTheSecondModelRuns_IsToldSo()
    {
        var gate = new LoopbackGate();
        await using var gateway = await StartAsync(request => request.Chat!.Model is "gone"
            ? new LoopbackScript { Error = 503 }
            : new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders });
        using var caller = await CallerAsync(gateway);
        var asked = AskAsync(gateway, caller, "acme/gone", ["acme/paid"], key: "one");
        await gate.ArrivalAsync();

        using var second = await AskAsync(gateway, caller, "acme/gone", ["acme/paid"], key: "one");
        gate.Open();
        using var first = await asked;

        (await second.ErrorAsync(HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("request_in_progress");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway.Upstream.Received.ShouldBe(2);
    }

    [Fact]
    public async Task OneAtATime_TheNextModelTakesOverTheLease()
    {
        await using var gateway = await StartAsync(request => request.Chat!.Model is "one" ? new LoopbackScript { Error = 503 } : null);
        using var caller = await CallerAsync(gateway);

        using var response = await AskAsync(gateway, caller, "acme/one:free", ["acme/two:free"]);

        (response.StatusCode, response.Header("x-freeway-model")).ShouldBe((HttpStatusCode.OK, "acme/two"));
    }

    private static async Task OneRecordAsync(TestGateway gateway, HttpClient caller, string slug, string model, int status, string cost)
    {
        await Eventually.TrueAsync(async () => (await gateway.LedgerAsync("request|")).Count is 0);
        var record = (await gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        (record.GetProperty("slug").GetString(), record.GetProperty("model").GetString(), record.GetProperty("status").GetInt32(), record.GetProperty("cost_usd").GetString())
            .ShouldBe((slug, model, status, cost));
    }

    private static async Task NothingHeldAsync(TestGateway gateway, long freeUsed)
    {
        foreach (var quota in await gateway.LedgerAsync("quota|"))
        {
            quota.GetInt64("Reserved").ShouldBe(0, quota.RowKey);
        }

        (await gateway.LedgerAsync("quota|free")).Sum(quota => quota.GetInt64("Used")).ShouldBe(freeUsed);
    }

    private static async Task<HttpClient> CallerAsync(TestGateway gateway)
    {
        var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));
        await gateway.TopUpAsync("acme", "1");
        return caller;
    }

    private static async Task<HttpResponseMessage> AskAsync(
        TestGateway gateway, HttpClient caller, string? model, string[]? models = null, bool stream = false, string? key = null)
    {
        var body = new JsonObject { ["max_tokens"] = 40, ["stream"] = stream };
        if (models is not null)
        {
            body["models"] = JsonSerializer.SerializeToNode(models);
        }

        if (model is not null)
        {
            body["model"] = model;
        }

        body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "/script words=40 x one two" });
        var response = await gateway.PostAsync(
            body.ToJsonString(), caller, headers: key is null ? [] : [("Idempotency-Key", key)]);
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    private static Task<TestGateway> StartAsync(
        Func<LoopbackRequest, LoopbackScript?>? script = null, Action<IServiceCollection>? services = null,
        params (string Name, string Value)[] settings) => TestGateway.StartAsync(
        script,
        TestCatalogue.Settings(new
        {
            plans = new
            {
                free = new { limits = new[] { new { name = "a-day", unit = "requests", amount = 1, window = "day", scope = "org_model" } } },
                single = new
                {
                    limits = new object[]
                    {
                        new { name = "a-day", unit = "requests", amount = 9, window = "day", scope = "org" },
                        new { name = "at-once", unit = "concurrent_requests", amount = 1, scope = "org" },
                    },
                },
            },
            models = new[]
            {
                Model("acme/free", "free"), Model("acme/gone", null), Model("acme/paid", null), Model("acme/one", "single"), Model("acme/two", "single"),
            },
        }, settings),
        services: services);

    private static JsonObject Model(string id, string? plan) => TestCatalogue.Model(id, new
    {
        free = new { enabled = plan is not null, plan },
        routes = new[] { new { upstream = "loopback", model = id.Split('/')[1] } },
    });
}

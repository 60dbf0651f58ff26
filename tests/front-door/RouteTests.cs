using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using static Freeway.FrontDoor.Tests.Support.TwoUpstreams;

namespace Freeway.FrontDoor.Tests;

/// <summary>Two upstreams behind one model: which one is asked, when the other is, and what is told of it.</summary>
public sealed class RouteTests
{
    [Theory]
    [InlineData(429, "rate_limited", false)]
    [InlineData(500, "server_error", false)]
    [InlineData(503, "server_error", true)]
    [InlineData(401, "refused", false)]
    [InlineData(null, "unreachable", true)]
    public async Task First_Fails_TheSecondAnswersAndTheCallerIsChargedOnce(int? status, string reason, bool stream)
    {
        await using var gateway = await StartAsync(_ => status is null ? new LoopbackScript { HangUp = true } : new LoopbackScript { Error = status });

        using var response = await AskAsync(gateway, stream: stream);
        await response.Content.LoadIntoBufferAsync();

        (response.StatusCode, response.Header("x-freeway-upstream")).ShouldBe((HttpStatusCode.OK, "two"));
        gateway.Upstream.Received.ShouldBe(2);
        (await UsedAsync(gateway)).ShouldBe(1);
        var record = await RecordAsync(gateway, response);
        record.GetProperty("upstream").GetString().ShouldBe("two");
        Attempts(record).ShouldBe([("one", status, reason), ("two", 200, null)]);
    }

    [Fact]
    public async Task First_IsSilent_TheSecondAnswersOnceItsTimeIsOver()
    {
        var gate = new LoopbackGate();
        await using var gateway = await StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders }, settings: [("Freeway:Upstream:FirstByte", "00:00:10")]);
        var asked = AskAsync(gateway);
        await gate.ArrivalAsync();

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(11));

        using var response = await asked;
        response.Header("x-freeway-upstream").ShouldBe("two");
        Attempts(await RecordAsync(gateway, response)).ShouldBe([("one", null, "timeout"), ("two", 200, null)]);
        (await UsedAsync(gateway)).ShouldBe(1);
        gate.Open();
    }

    [Fact]
    public async Task First_BreaksAfterItsFirstByte_NothingElseIsTried()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { DropAfter = 2, Words = 9 });

        using var response = await AskAsync(gateway, stream: true);
        await Should.ThrowAsync<HttpRequestException>(response.Content.LoadIntoBufferAsync());

        gateway.Upstream.Received.ShouldBe(1);
        response.Header("x-freeway-upstream").ShouldBe("one");
    }

    [Fact]
    public async Task First_RefusesTheContent_ItsAnswerPasses()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 422 });

        using var response = await AskAsync(gateway);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        gateway.Upstream.Received.ShouldBe(1);
    }

    [Fact]
    public async Task First_Said429_IsLeftAloneUntilItsTime()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 429, RetryAfter = 30 });
        using (await AskAsync(gateway))
        {
        }

        using (var second = await AskAsync(gateway))
        {
            gateway.Upstream.Received.ShouldBe(3);
            Attempts(await RecordAsync(gateway, second)).ShouldBe([("one", null, "parked"), ("two", 200, null)]);
        }

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(31));
        using var third = await AskAsync(gateway);
        gateway.Upstream.Received.ShouldBe(5);
    }

    [Fact]
    public async Task All_Said429_TheSoonestIsToldAndNobodyIsCalledUntilThen()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 429, RetryAfter = 30 }, _ => new LoopbackScript { Error = 429, RetryAfter = 20 });

        using var first = await AskAsync(gateway);
        using var second = await AskAsync(gateway);

        (await first.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        first.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
        (await second.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("overloaded");
        second.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
        gateway.Upstream.Received.ShouldBe(2);
        (await UsedAsync(gateway)).ShouldBe(0);
    }

    [Fact]
    public async Task First_IsParked_TheOperatorIsToldWhySinceWhenAndUntilWhen()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 429, RetryAfter = 20 });
        using var response = await AskAsync(gateway);
        using var admin = gateway.Client(gateway.Host.AdminKey!);

        var one = (await gateway.GetAsync("api/v1/admin/upstreams", admin)).GetProperty("data")[0];

        var parked = one.GetProperty("parked").EnumerateObject().ShouldHaveSingleItem();
        parked.Name.ShouldBe("first");
        parked.Value.GetProperty("reason").GetString().ShouldBe("rate_limited");
        parked.Value.GetProperty("status").GetInt32().ShouldBe(429);
        parked.Value.GetProperty("retry_after_seconds").GetDouble().ShouldBe(20);
        var since = parked.Value.GetProperty("since").GetDateTimeOffset();
        since.ShouldBeInRange(TestGateway.Noon, gateway.Clock.GetUtcNow());
        parked.Value.GetProperty("until").GetDateTimeOffset().ShouldBe(since.AddSeconds(20), TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task First_HasNoAllowanceLeft_IsNotCalled()
    {
        await using var gateway = await StartAsync(limits: [new { name = "a-day", unit = "requests", amount = 2, window = "day", scope = "upstream" }]);
        for (var request = 0; request < 4; request++)
        {
            using var response = await AskAsync(gateway);
            response.Header("x-freeway-upstream").ShouldBe(request < 2 ? "one" : "two");
        }

        using var admin = gateway.Client(gateway.Host.AdminKey!);
        var one = (await gateway.GetAsync("api/v1/admin/upstreams", admin)).GetProperty("data")[0];
        (one.GetProperty("name").GetString(), one.GetProperty("breaker").GetString()).ShouldBe(("one", "closed"));
        var limit = one.GetProperty("limits")[0];
        (limit.GetProperty("used").GetInt64() + limit.GetProperty("reserved").GetInt64(), limit.GetProperty("remaining").GetInt64()).ShouldBe((2, 0));
        gateway.Upstream.Requests.Select(request => request.Chat!.Model).ShouldBe(["first", "first", "second", "second"]);
        (await UsedAsync(gateway)).ShouldBe(4);
    }

    [Fact]
    public async Task First_CannotBeReached_ItsAllowanceIsGivenBack()
    {
        await using var gateway = await StartAsync(
            limits: [new { name = "a-day", unit = "requests", amount = 1, window = "day", scope = "upstream" }],
            settings: [("Freeway:Upstreams:one:BaseUrl", "http://127.0.0.1:1/v1"), ("Freeway:Upstream:ConnectRetries", "0")]);

        for (var request = 0; request < 3; request++)
        {
            using var response = await AskAsync(gateway);
            Attempts(await RecordAsync(gateway, response)).ShouldBe([("one", null, "unreachable"), ("two", 200, null)]);
        }
    }

    [Fact]
    public async Task First_SaysThatLessIsLeft_IsBelieved()
    {
        await using var gateway = await StartAsync(
            _ => new LoopbackScript { Headers = new Dictionary<string, string> { ["x-ratelimit-remaining"] = "1", ["x-ratelimit-limit"] = "50" } },
            limits: [new { name = "a-day", unit = "requests", amount = 50, window = "day", scope = "upstream" }]);

        for (var request = 0; request < 3; request++)
        {
            using var response = await AskAsync(gateway);
            response.Header("x-freeway-upstream").ShouldBe(request < 2 ? "one" : "two");
        }
    }

    [Fact]
    public async Task First_FailsAgainAndAgain_IsLeftAloneAndTriedAgain()
    {
        var fails = true;
        await using var gateway = await StartAsync(_ => fails ? new LoopbackScript { Error = 500 } : null);
        for (var request = 0; request < 10; request++)
        {
            using var failed = await AskAsync(gateway);
        }

        using (var response = await AskAsync(gateway))
        {
            Attempts(await RecordAsync(gateway, response)).ShouldBe([("one", null, "broken"), ("two", 200, null)]);
        }

        fails = false;
        gateway.Clock.MoveOn(TimeSpan.FromSeconds(16));
        using var well = await AskAsync(gateway);
        well.Header("x-freeway-upstream").ShouldBe("one");
    }

    [Fact]
    public async Task Second_AloneCanCallTools_IsAskedAtOnce()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Settings(
            new JsonObject { ["one"] = Upstream(), ["two"] = Upstream() },
            [
                TestCatalogue.Model("acme/both", new
                {
                    free = new { enabled = true, plan = "free" },
                    routes = new object[]
                    {
                        new { upstream = "one", model = "first", tools = false, context_length = 100 }, new { upstream = "two", model = "second", vision = false },
                    },
                }),
            ]));

        using var tools = await AskAsync(gateway, more: """{"tools":[{"type":"function","function":{"name":"clock"}}]}""");
        using var words = await AskAsync(gateway);
        using var ceiling = await AskAsync(gateway, more: """{"max_tokens":200}""");
        using var wrong = await AskAsync(gateway, provider: """{"only":["one"]}""", more: """{"tools":[]}""");

        new[] { tools, words, ceiling }.Select(response => response.Header("x-freeway-upstream")).ShouldBe(["two", "one", "two"]);
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("tools");
    }

    [Fact]
    public async Task First_HasFewTokensAMinute_TakesShortAnswersAndIsSettledToWhatTheyWere()
    {
        await using var gateway = await StartAsync(limits: [new { name = "a-day", unit = "tokens", amount = 5000, window = "day", scope = "upstream" }]);

        for (var request = 0; request < 3; request++)
        {
            using var response = await AskAsync(gateway);
            response.Header("x-freeway-upstream").ShouldBe("one");
            await RecordAsync(gateway, response);
        }
    }

    [Fact]
    public async Task Record_ThatIsNobodys_IsNotFound()
    {
        await using var gateway = await StartAsync();

        using var none = await gateway.Http.GetAsync("api/v1/activity/019e7480d2a07c7f9b1e5a3c4d5e6f70");
        using var nonsense = await gateway.Http.GetAsync("api/v1/activity/nonsense");

        (none.StatusCode, nonsense.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Auto_SpendsFirstWhatIsLostFirst()
    {
        await using var gateway = await TestGateway.StartAsync(settings: Settings(
            new JsonObject
            {
                ["one"] = Upstream(new { name = "a-month", unit = "requests", amount = 50, window = "month", scope = "upstream" }),
                ["two"] = Upstream(new { name = "a-day", unit = "requests", amount = 2, window = "day", scope = "upstream" }),
            },
            [Model("acme/monthly", ("one", "first")), Model("acme/daily", ("two", "second"))]));

        for (var request = 0; request < 3; request++)
        {
            using var response = await gateway.ChatAsync("auto:free");
            response.Header("x-freeway-model").ShouldBe(request < 2 ? "acme/daily" : "acme/monthly");
        }
    }
}

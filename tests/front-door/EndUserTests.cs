using System.Net;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using static Freeway.FrontDoor.Tests.Support.EndUserCalls;

namespace Freeway.FrontDoor.Tests;

/// <summary>Limits of end users: each person behind an app has their own, through one key.</summary>
public sealed class EndUserTests
{
    [Fact]
    public async Task EleventhOfOneEndUser_ThroughTheSameKey_IsRefusedAndAnotherIsServed()
    {
        await using var gateway = await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            using var admitted = await SendAsync(gateway, user: "alice");
            admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var eleventh = await SendAsync(gateway, user: "alice");
        using var other = await SendAsync(gateway, user: "bob");

        var error = await eleventh.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        error.GetProperty("message").GetString().ShouldStartWith(
            $"This end user's free quota of 10 requests per day is used up. It is whole again at {gateway.NextMidnight()}.");
        error.GetProperty("limit_source").GetString().ShouldBe("app.daily");
        eleventh.Header("x-should-retry").ShouldBe("false");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.Header("X-RateLimit-Remaining").ShouldBe("9");
        gateway.Upstream.Received.ShouldBe(11);
    }

    [Fact]
    public async Task FortyOfOneEndUserAtOnce_OfALimitOfTen_TenAreAdmitted()
    {
        await using var gateway = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(async index =>
        {
            var user = index % 2 is 0 ? "alice" : "bob";
            using var response = await SendAsync(gateway, user);
            await response.Content.ReadAsStringAsync();
            return (user, response.StatusCode);
        }));

        foreach (var user in new[] { "alice", "bob" })
        {
            answers.Count(answer => answer == (user, HttpStatusCode.OK)).ShouldBe(10);
            answers.Count(answer => answer == (user, HttpStatusCode.TooManyRequests)).ShouldBe(30);
        }

        gateway.Upstream.Received.ShouldBe(20);
    }

    [Fact]
    public async Task LimitPerEndUserAndModel_SpentOnOneModel_LeavesTheOther()
    {
        await using var gateway = await StartAsync(Daily(1, "end-user+model"));

        using var first = await SendAsync(gateway, "alice");
        using var again = await SendAsync(gateway, "alice");
        using var other = await SendAsync(gateway, "alice", model: "test/other:free");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LimitPerEndUser_SpentOnOneModel_IsSpentOnAll()
    {
        await using var gateway = await StartAsync(Daily(1));

        using var first = await SendAsync(gateway, "alice");
        using var other = await SendAsync(gateway, "alice", model: "test/other:free");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task EndUser_BesideAnOrgsLimit_TakesOfBothOrOfNeither()
    {
        await using var gateway = await StartAsync(
            new object[] { Daily(2), new { name = "all", unit = "requests", amount = 3, window = "day", scope = "org" } });
        foreach (var user in new[] { "alice", "alice", "alice", "bob" })
        {
            using var answer = await SendAsync(gateway, user);
        }

        using var third = await SendAsync(gateway, "carol");

        (await third.ErrorAsync(HttpStatusCode.TooManyRequests)).GetProperty("limit_source").GetString().ShouldBe("app.all");
        gateway.Upstream.Received.ShouldBe(3);
        (await UsedAsync(gateway, "alice")).ShouldBe(2);
        (await UsedAsync(gateway, "bob")).ShouldBe(1);
        (await UsedAsync(gateway, "carol")).ShouldBe(0);
    }

    [Fact]
    public async Task EndUser_NamedThreeTimes_IsTheHeadersElseTheSafetyIdentifiersElseTheUsers()
    {
        await using var gateway = await StartAsync();

        using var header = await SendAsync(gateway, "of-user", "of-safety", "of-header");
        using var safety = await SendAsync(gateway, "of-user", "of-safety");
        using var user = await SendAsync(gateway, "of-user");
        using var blank = await SendAsync(gateway, "of-user", " ", " ");

        (await UsedAsync(gateway, "of-header")).ShouldBe(1);
        (await UsedAsync(gateway, "of-safety")).ShouldBe(1);
        (await UsedAsync(gateway, "of-user")).ShouldBe(2, "what is blank names nobody");
        gateway.Upstream.Requests.ShouldAllBe(request => !request.Headers.ContainsKey(Header));
        Encoding.UTF8.GetString(gateway.Upstream.Requests[0].Body.Span).ShouldContain("\"user\":\"of-user\"", Case.Sensitive, "the body is the caller's");
    }

    [Theory]
    [InlineData("completions", "prompt")]
    [InlineData("responses", "input")]
    [InlineData("embeddings", "input")]
    [InlineData("moderations", "input")]
    [InlineData("images/generations", "prompt")]
    [InlineData("audio/speech", "input")]
    public async Task EndUser_OfEverySurface_IsCounted(string path, string content)
    {
        await using var gateway = await StartAsync(Daily(1));
        var body = $$"""{"model":"test/model:free","{{content}}":"hello","voice":"v","user":"alice"}""";

        using var first = await gateway.PostAsync(body, path: $"api/v1/{path}");
        await first.Content.ReadAsByteArrayAsync();
        using var second = await gateway.PostAsync(body, path: $"api/v1/{path}");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second.ErrorAsync(HttpStatusCode.TooManyRequests)).GetProperty("limit_source").GetString().ShouldBe("app.daily");
    }

    /// <summary>Nothing of Anthropic's own body names an end user.</summary>
    [Fact]
    public async Task EndUser_OfAMessage_IsTheHeadersAndNotThatOfItsMetadata()
    {
        const string Body = """
            {"model":"test/model:free","max_tokens":9,"metadata":{"user_id":"alice"},
            "messages":[{"role":"user","content":"hello"}]}
            """;
        await using var gateway = await StartAsync(Daily(1));

        using var unnamed = await gateway.PostAsync(Body, path: "api/v1/messages");
        using var first = await gateway.PostAsync(Body, path: "api/v1/messages", headers: (Header, "alice"));
        using var second = await gateway.PostAsync(Body, path: "api/v1/messages", headers: (Header, "alice"));

        unnamed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("safety_identifier")]
    public async Task EndUser_InAFieldOfAnUpload_IsCounted(string field)
    {
        await using var gateway = await StartAsync(Daily(1));

        using var first = await gateway.TranscribeAsync("test/model:free", Sound.Wav(0.5), fields: (field, "alice"));
        await first.Content.ReadAsStringAsync();
        using var second = await gateway.TranscribeAsync("test/model:free", Sound.Wav(0.5), fields: (field, "alice"));
        using var nobody = await gateway.TranscribeAsync("test/model:free", Sound.Wav(0.5));

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await nobody.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("user");
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"user\":null")]
    [InlineData(",\"user\":7")]
    [InlineData(",\"user\":\"\"")]
    [InlineData(",\"user\":{\"id\":\"alice\"}")]
    public async Task Request_ThatNamesNoEndUserWherePlanCountsThem_IsRefusedAndTakesNothing(string member)
    {
        await using var gateway = await StartAsync();

        using var refused = await gateway.PostAsync($$"""{"model":"test/model:free","messages":[]{{member}}}""");

        var error = await refused.ErrorAsync(HttpStatusCode.BadRequest);
        error.GetProperty("code").GetString().ShouldBe("invalid_request");
        error.GetProperty("param").GetString().ShouldBe("user");
        var message = error.GetProperty("message").GetString()!;
        message.ShouldContain("'app.daily' counts for each end user");
        message.ShouldContain(Header);
        gateway.Upstream.Received.ShouldBe(0);
        (await gateway.LedgerAsync("request|")).ShouldBeEmpty();
        (await gateway.LedgerAsync("quota|app")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_ThatNamesNoEndUser_IsServedWhereNoPlanCountsThem()
    {
        await using var gateway = await StartAsync();

        using var paid = await SendAsync(gateway, model: "test/model");

        paid.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TokensOfAnEndUser_AreSettledToWhatWasUsed()
    {
        await using var gateway = await StartAsync(new { name = "daily", unit = "tokens", amount = 1000, window = "day", scope = "end_user" });

        using var answer = await SendAsync(gateway, "alice");
        var used = (await answer.JsonAsync()).GetProperty("usage").GetProperty("total_tokens").GetInt64();

        used.ShouldBeGreaterThan(0);
        (await UsedAsync(gateway, "alice")).ShouldBe(used);
    }

    [Fact]
    public async Task RequestsAtOnceOfAnEndUser_AreTheirOwn()
    {
        var gate = new LoopbackGate();
        await using var gateway = await StartAsync(
            new { name = "at-once", unit = "concurrent_requests", amount = 1, scope = "end_user" }, script: _ => new LoopbackScript { Gate = gate });
        var running = SendAsync(gateway, "alice");
        await gate.ArrivalAsync();

        using var refused = await SendAsync(gateway, "alice");
        var other = SendAsync(gateway, "bob");
        await gate.ArrivalAsync();
        gate.Open();

        var error = await refused.ErrorAsync(HttpStatusCode.TooManyRequests);
        error.GetProperty("code").GetString().ShouldBe("concurrency_limit_exceeded");
        error.GetProperty("message").GetString().ShouldStartWith("One request at a time is allowed for each end user");
        using var first = await running;
        using var second = await other;
        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
    }
}

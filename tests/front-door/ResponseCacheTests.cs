using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>A response that its caller has asked to be stored is the answer to the same request, and takes nothing.</summary>
public sealed class ResponseCacheTests(CachingGateway fixture)
    : ResponseCaching(fixture), IClassFixture<CachingGateway>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repeat_WithinThePlansTime_IsAHitThatTakesNothing(bool stream)
    {
        using var caller = await NewOrgAsync();
        var (first, text) = await AskAsync(caller, stream: stream);
        first.ShouldBe("miss");
        await StoredAsync(1);

        using var answer = await SendAsync(caller, Body(stream: stream));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header(Header).ShouldBe("hit");
        answer.Header("x-freeway-tier").ShouldBe("free");
        answer.Headers.Age.ShouldNotBeNull();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(stream ? "text/event-stream" : "application/json");
        (await answer.Content.ReadAsStringAsync()).ShouldBe(text);
        (await UsedAsync(caller)).ShouldBe(1);
        Called().ShouldBe(1);
        var records = await Gateway.ActivityAsync(caller, 2);
        var hit = records.Single(record => record.GetProperty("cache").GetString() is "hit");
        (hit.GetProperty("status").GetInt32(), hit.GetProperty("total_tokens").GetInt64(), hit.GetProperty("cost_usd").GetString())
            .ShouldBe((200, 0, "0.00"));
        hit.GetProperty("id").GetString().ShouldBe(answer.Header("x-freeway-request-id"));
        records.ShouldContain(record => record.GetProperty("cache").GetString() == "miss");
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("stream")]
    public async Task OpenAiNode_AskingTwice_GetsTheSameAnswer(string scenario)
    {
        using var caller = await NewOrgAsync();
        var settings = new { model = Cached, text = $"{Org} once more", headers = new Dictionary<string, string> { [Header] = "use" } };
        var first = await PlayAsync(caller, scenario, settings);
        await StoredAsync(1);

        var second = await PlayAsync(caller, scenario, settings);

        second.GetProperty("text").GetString().ShouldBe($"{Org} once more");
        second.GetProperty("text").GetString().ShouldBe(first.GetProperty("text").GetString());
        Called().ShouldBe(1);
    }

    [Fact]
    public async Task Hit_WithTheQuotaSpent_IsServed()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);
        await AskAsync(caller, more: " again");
        using var refused = await SendAsync(caller, Body(" and again"));
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        (await AskAsync(caller)).Cache.ShouldBe("hit");
    }

    [Fact]
    public async Task OtherKey_OfTheSameOrg_DoesNotSeeTheAnswer()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);
        using var admin = Gateway.Admin();
        var other = await admin.DoneAsync("POST", $"orgs/{Org}/keys", """{"id":"other"}""");
        using var second = Gateway.Client(other.GetProperty("secret").GetString());

        (await AskAsync(second)).Cache.ShouldBe("miss");
        Called().ShouldBe(2);
    }

    [Fact]
    public async Task OtherEndUser_OfTheSameKey_DoesNotSeeTheAnswer()
    {
        using var caller = await NewOrgAsync();
        using var first = await SendAsync(caller, Body(), "use", ("x-freeway-end-user", "anna"));
        await first.Content.ReadAsStringAsync();
        await StoredAsync(1);

        using var second = await SendAsync(caller, Body(), "use", ("x-freeway-end-user", "bert"));

        second.Header(Header).ShouldBe("miss");
    }

    [Fact]
    public async Task PlanWithoutCache_SaysOffAndStoresNothing()
    {
        using var caller = await NewOrgAsync();

        (await AskAsync(caller, model: "acme/plain:free")).Cache.ShouldBe("off");
        (await AskAsync(caller, model: "acme/plain:free")).Cache.ShouldBe("off");
        (await Gateway.ActivityAsync(caller, 2)).ShouldAllBe(record => record.GetProperty("cache").GetString() == "off");
        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_ThatDoesNotAsk_IsNeitherStoredNorAnsweredFromTheCache()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);

        using var second = await SendAsync(caller, Body(), header: null);

        second.Headers.Contains(Header).ShouldBeFalse();
        await second.Content.ReadAsStringAsync();
        Called().ShouldBe(2);
        (await RowsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task AnswerThatTellsOfItsLimits_IsNotStored()
    {
        using var caller = await NewOrgAsync();

        using var answer = await SendAsync(caller, Body(), "use", ("x-freeway-include", "quota"));

        answer.Header(Header).ShouldBe("bypass");
        await answer.Content.ReadAsStringAsync();
        await Gateway.ActivityAsync(caller, 1);
        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Answer_OlderThanThePlanOrTheCallerAllows_IsAskedForAnew()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);
        var before = (await RowsAsync()).Single();
        Gateway.Clock.MoveOn(TimeSpan.FromSeconds(60));

        using var young = await SendAsync(caller, Body(), "max-age=300");
        using var old = await SendAsync(caller, Body(), "use, max-age=30");
        await old.Content.ReadAsStringAsync();

        young.Header(Header).ShouldBe("hit");
        old.Header(Header).ShouldBe("miss");
        await Eventually.GetAsync(RowsAsync, rows => rows.Single().ETag != before.ETag);
        Gateway.Clock.MoveOn(TimeSpan.FromSeconds(601));
        using var expired = await SendAsync(caller, Body());
        expired.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "it is no hit any more, and the quota is spent");
    }

    [Fact]
    public async Task Refresh_ReplacesTheStoredAnswer()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);
        var before = (await RowsAsync()).Single();

        using var anew = await SendAsync(caller, Body(), "refresh");
        await anew.Content.ReadAsStringAsync();

        anew.Header(Header).ShouldBe("miss");
        await Eventually.GetAsync(RowsAsync, rows => rows.Single().ETag != before.ETag);
        (await AskAsync(caller)).Cache.ShouldBe("hit");
        Called().ShouldBe(2);
    }

    [Fact]
    public async Task Key_Disabled_IsRefusedAlsoWhereAnAnswerIsStored()
    {
        using var caller = await NewOrgAsync("""{"id":"robot"}""");
        await AskAsync(caller);
        await StoredAsync(1);
        using var admin = Gateway.Admin();
        await admin.DoneAsync("PATCH", $"orgs/{Org}/keys/robot", """{"disabled":true}""");

        using var refused = await SendAsync(caller, Body());

        (await refused.ErrorAsync(HttpStatusCode.Forbidden)).GetProperty("code").GetString().ShouldBe("key_disabled");
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("max-age=0")]
    [InlineData("max-age=604801")]
    [InlineData("use,,refresh")]
    public async Task Header_ThatAsksForSomethingElse_IsRefused(string header)
    {
        using var caller = await NewOrgAsync();

        using var refused = await SendAsync(caller, Body(), header);

        (await refused.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe(Header);
    }
}

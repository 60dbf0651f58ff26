using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>Contract §6.8: one unit of quota, one charge, one record, however often a request is sent.</summary>
public sealed class IdempotencyTests
{
    private const string Body = """{"model":"demo/echo:free","messages":[{"role":"user","content":"say it once"}]}""";
    private const string Streamed = """{"model":"demo/echo:free","stream":true,"messages":[{"role":"user","content":"say it once"}]}""";

    [Fact]
    public async Task Repeat_OfAnAnsweredRequest_GetsTheSameAnswerAndCostsNothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = await SendAsync(gateway, Body);
        var answer = await first.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(1);

        using var second = await SendAsync(gateway, Body);

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Header("x-freeway-idempotent").ShouldBe("replayed");
        second.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        (await second.Content.ReadAsStringAsync()).ShouldBe(answer);
        await OneOfEverythingAsync(gateway);
    }

    [Fact]
    public async Task Repeat_WhileTheFirstRuns_IsToldSo()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders });
        var asked = SendAsync(gateway, Body);
        await gate.ArrivalAsync();

        using var second = await SendAsync(gateway, Body);
        gate.Open();
        using var first = await asked;

        var refusal = await second.ErrorAsync(HttpStatusCode.Conflict);
        refusal.GetProperty("code").GetString().ShouldBe("request_in_progress");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        await first.Content.ReadAsStringAsync();
        await OneOfEverythingAsync(gateway);
    }

    [Fact]
    public async Task Repeat_OfAStream_NamesTheRecord()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = await SendAsync(gateway, Streamed);
        await first.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(1);

        using var second = await SendAsync(gateway, Streamed);

        var refusal = await second.ErrorAsync(HttpStatusCode.Conflict);
        refusal.GetProperty("code").GetString().ShouldBe("already_completed");
        refusal.GetProperty("repeat_of").GetString().ShouldBe(first.Header("x-request-id"));
        await OneOfEverythingAsync(gateway);
    }

    [Fact]
    public async Task Key_SentWithAnotherRequest_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = await SendAsync(gateway, Body);
        await first.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(1);

        using var second = await SendAsync(gateway, Streamed);

        (await second.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("Idempotency-Key");
        await OneOfEverythingAsync(gateway);
    }

    [Fact]
    public async Task FortyAtOnce_WithOneKey_CallTheUpstreamOnce()
    {
        var looks = 0;
        using var storage = new FaultyTransport(1, FaultRates.None);
        storage.Seen = request => _ = IsLook(request) ? Interlocked.Increment(ref looks) : 0;
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SendAsync(gateway, Body)));

        answers.Count(answer => answer.StatusCode is HttpStatusCode.OK && !answer.Headers.Contains("x-freeway-idempotent")).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK || answer.StatusCode == HttpStatusCode.Conflict);
        looks.ShouldBeInRange(1, answers.Length - 1, "those who come at once share a look");
        await OneOfEverythingAsync(gateway);

        static bool IsLook(Request request) => request.Method == RequestMethod.Get
            && request.Uri.ToString().Contains("idempotency", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeat_OfARequestThatItsUpstreamFailed_GetsTheFailureAgain()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Error = 500 });
        using var first = await SendAsync(gateway, Body);
        first.StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        using var second = await SendAsync(gateway, Body);

        (await second.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString().ShouldBe("upstream_error");
        second.Header("x-freeway-idempotent").ShouldBe("replayed");
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        gateway.Upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Repeat_OfARequestThatNoUpstreamCouldTake_GetsTheStatusOfItsRecord()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Error = 429, RetryAfter = 30 });
        using (await gateway.PostAsync(Body))
        {
        }

        using var first = await SendAsync(gateway, Body);
        using var second = await SendAsync(gateway, Body);

        (await first.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("overloaded");
        (await second.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("overloaded");
        second.Header("x-freeway-idempotent").ShouldBe("replayed");
        var statuses = (await gateway.ActivityAsync(2)).Select(record => record.GetProperty("status").GetInt32()).ToList();
        statuses.Order().ShouldBe([502, 503]);
        gateway.Upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Repeat_OfARefusedRequest_IsTriedAnew()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");
        using var refused = await SendAsync(gateway, Body);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        gateway.Clock.MoveTo(TestGateway.Noon.Date.AddDays(1).AddHours(1));
        using var admitted = await SendAsync(gateway, Body);

        admitted.StatusCode.ShouldBe(HttpStatusCode.OK);
        admitted.Headers.Contains("x-freeway-idempotent").ShouldBeFalse();
    }

    [Fact]
    public async Task Key_ADayLater_IsANewOne()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = await SendAsync(gateway, Body);
        await first.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(1);

        gateway.Clock.MoveOn(TimeSpan.FromHours(25));
        using var second = await SendAsync(gateway, Body);

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.Contains("x-freeway-idempotent").ShouldBeFalse();
        (await gateway.ActivityAsync(2)).Count.ShouldBe(2);
    }

    private static Task<HttpResponseMessage> SendAsync(TestGateway gateway, string body) => gateway.PostAsync(body, headers: ("Idempotency-Key", "order 66"));

    private static async Task OneOfEverythingAsync(TestGateway gateway)
    {
        (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        gateway.Upstream.Requests.Count.ShouldBe(1);
        var quota = (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0];
        (quota.GetProperty("used").GetInt64(), quota.GetProperty("reserved").GetInt64()).ShouldBe((1, 0));
    }
}

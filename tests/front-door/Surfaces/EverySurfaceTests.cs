using System.Net;
using System.Text;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Models;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Surfaces;

/// <summary>What holds on each surface whose requests are JSON, whatever it is for.</summary>
public sealed class EverySurfaceTests
{
    /// <summary>A request of each; <c>MODEL</c> stands where the model does.</summary>
    public static TheoryData<string, string> Requests => new()
    {
        { "chat/completions", """{"x_unknown":{"a":[1.50]},"model":"MODEL","messages":[{"role":"user","content":"hello there"}]}""" },
        { "completions", """{"prompt":"hello there","model":"MODEL","suffix":"!"}""" },
        { "responses", """{"input":"hello there","store":false,"model":"MODEL","background":false}""" },
        { "messages", """{"max_tokens":10,"x_unknown":{"a":[1.50]},"model":"MODEL","messages":[{"role":"user","content":"hello there"}]}""" },
        { "embeddings", """{"input":["hello there"],"model":"MODEL"}""" },
        { "images/generations", """{"model":"MODEL","prompt":"hello there"}""" },
        { "moderations", """{"input":"hello there","model":"MODEL"}""" },
        { "audio/speech", """{"voice":"alloy","model":"MODEL","input":"hello there","speed":1.0}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Free_OfEachSurface_TakesOneOfTheQuotaAndLeavesOneRecord(string endpoint, string json)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(endpoint, json.Replace("MODEL", "demo/echo:free", StringComparison.Ordinal));

        await response.ReadAsync();
        response.Header("X-RateLimit-Remaining").ShouldBe("9");
        response.Header("x-freeway-tier").ShouldBe("free");
        var request = gateway.Upstream.Requests.ShouldHaveSingleItem();
        (request.Path, Encoding.UTF8.GetString(request.Body.Span)).ShouldBe(("/v1/" + endpoint, json.Replace("MODEL", "echo", StringComparison.Ordinal)));
        var record = await gateway.RecordAsync();
        (record.Text("endpoint"), record.Text("slug"), record.Text("tier"), record.Text("cost_usd"), record.Count("status"))
            .ShouldBe((endpoint, "demo/echo:free", "free", "0.00", 200));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Rejected_ByTheUpstream_PassesThroughAndCounts(string endpoint, string json)
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Error = 400 });

        using var response = await gateway.CallAsync(endpoint, json.Replace("MODEL", "demo/echo:free", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).GetProperty("error").Text("type").ShouldBe("invalid_request_error");
        var record = await gateway.RecordAsync();
        (record.Count("status"), record.Count("total_tokens"), record.Count("characters")).ShouldBe((400, 0, 0));
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].Count("remaining").ShouldBe(9);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Failed_ByTheUpstream_CostsNothing(string endpoint, string json)
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Error = 503 });

        using var response = await gateway.CallAsync(endpoint, json.Replace("MODEL", "demo/echo:free", StringComparison.Ordinal));

        (await response.ErrorAsync(HttpStatusCode.BadGateway)).Text("code").ShouldBe("upstream_error");
        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].Count("remaining").ShouldBe(10);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Body_WithoutItsContent_IsRefusedAndNamesTheField(string endpoint, string json)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(endpoint, """{"model":"demo/echo:free"}""");

        var content = Surface.At(endpoint)!.Content.Name;
        json.ShouldContain($"\"{content}\"");
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (error.Text("code"), error.Text("param")).ShouldBe(("invalid_request", content));
        gateway.Upstream.Received.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Check_OfEachSurface_SaysWhatItWouldTake(string endpoint, string json)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(
            "quota/check", json.Replace("MODEL", "demo/echo:free", StringComparison.Ordinal), ("x-freeway-endpoint", endpoint));

        (await response.JsonAsync()).GetProperty("admitted").GetBoolean().ShouldBeTrue();
        gateway.Upstream.Received.ShouldBe(0);
    }
}

using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>"What callers see", refusals: the shapes that a caller can ask for.</summary>
public sealed class RefusalShapeTests
{
    [Fact]
    public async Task SpentQuota_AskedForAsAProblem_IsQuotaExceededWithItsPolicy()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free");
        gateway.Http.DefaultRequestHeaders.Add("Accept", "application/json;q=0.9, application/problem+json");

        using var response = await gateway.ChatAsync("demo/echo:free");

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        response.Header("x-should-retry").ShouldBe("false");
        response.Headers.RetryAfter.ShouldNotBeNull();
        response.Header("X-RateLimit-Remaining").ShouldBe("0");
        var problem = await response.JsonAsync();
        problem.GetProperty("type").GetString().ShouldBe("https://iana.org/assignments/http-problem-types#quota-exceeded");
        problem.GetProperty("status").GetInt32().ShouldBe(429);
        problem.GetProperty("instance").GetString().ShouldBe(response.Header("x-request-id"));
        problem.GetProperty("code").GetString().ShouldBe("free_quota_exceeded");
        problem.GetProperty("violated-policies")[0].GetString().ShouldBe("fastrouter-free.daily");
        problem.GetProperty("suggestions")[0].GetString().ShouldBe("demo/echo");
    }

    [Fact]
    public async Task UnknownModel_AskedForAsAProblem_SaysWhichFieldIsWrong()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Http.DefaultRequestHeaders.Add("Accept", "application/problem+json");

        using var response = await gateway.Http.GetAsync("api/v1/models/nobody");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.JsonAsync()).GetProperty("param").GetString().ShouldBe("model");
    }
}

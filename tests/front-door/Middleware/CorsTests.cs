using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>What a web page of another origin may do.</summary>
public sealed class CorsTests
{
    private const string Page = "https://app.example.com";

    [Fact]
    public async Task Preflight_OfAnAllowedOrigin_IsAnswered204WithWhatIsAllowed()
    {
        await using var gateway = await StartAsync("https://app.example.com, https://*.example.org");

        using var response = await PreflightAsync(gateway, Page);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Header("Access-Control-Allow-Origin").ShouldBe(Page);
        response.Header("Access-Control-Allow-Methods").Split(',').ShouldContain("POST");
        response.Header("Access-Control-Allow-Headers").ShouldBe("authorization,content-type,x-stainless-lang");
        response.Header("Access-Control-Max-Age").ShouldBe("7200");
        response.Header("Vary").ShouldContain("Origin");
        response.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        response.Header("x-request-id").Length.ShouldBe(32);
    }

    [Theory]
    [InlineData("https://app.example.com", "https://evil.example.com")]
    [InlineData("https://app.example.com", "http://app.example.com")]
    [InlineData("https://*.example.com", "https://example.com")]
    [InlineData(null, Page)]
    public async Task Preflight_OfAnotherOrigin_AllowsNothing(string? allowed, string origin)
    {
        await using var gateway = await StartAsync(allowed);

        using var response = await PreflightAsync(gateway, origin);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Subdomain_OfAWildcard_IsAllowed()
    {
        await using var gateway = await StartAsync("https://*.example.com");

        using var response = await PreflightAsync(gateway, "https://a.b.example.com");

        response.Header("Access-Control-Allow-Origin").ShouldBe("https://a.b.example.com");
    }

    [Fact]
    public async Task Answer_ToAPage_LetsItReadOurHeaders()
    {
        await using var gateway = await StartAsync("*");
        gateway.Http.DefaultRequestHeaders.Add("Origin", Page);

        using var response = await gateway.ChatAsync("demo/echo:free");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("Access-Control-Allow-Origin").ShouldBe("*");
        var exposed = response.Header("Access-Control-Expose-Headers").Split(',');
        var ours = response.Headers.Select(header => header.Key)
            .Where(name => name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("RateLimit", StringComparison.Ordinal)).ToList();
        ours.ShouldContain("x-freeway-tier");
        ours.Except(exposed, StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stream_ToAPage_MayBeRead()
    {
        await using var gateway = await StartAsync(Page);
        gateway.Http.DefaultRequestHeaders.Add("Origin", Page);

        using var response = await gateway.ChatAsync("demo/echo:free", stream: true);

        response.Header("Access-Control-Allow-Origin").ShouldBe(Page);
        (await response.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
    }

    [Theory]
    [InlineData("api/v1/key", null, HttpStatusCode.Unauthorized)]
    [InlineData("api/v1/models/nobody", "demo", HttpStatusCode.NotFound)]
    [InlineData("nowhere", null, HttpStatusCode.NotFound)]
    [InlineData("api/v1/chat/completions", null, HttpStatusCode.MethodNotAllowed)]
    public async Task Error_ToAPage_MayBeReadToo(string path, string? key, HttpStatusCode status)
    {
        await using var gateway = await StartAsync("*");
        using var client = gateway.Client(key is null ? null : gateway.ApiKey);
        client.DefaultRequestHeaders.Add("Origin", Page);

        using var response = await client.GetAsync(path);

        await response.ErrorAsync(status);
        response.Header("Access-Control-Allow-Origin").ShouldBe("*");
        response.Header("Access-Control-Expose-Headers").ShouldContain("x-request-id");
    }

    [Theory]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("ftp://app.example.com")]
    [InlineData("*, https://app.example.com")]
    public async Task Origins_ThatNoBrowserSends_StopTheStart(string origins)
    {
        // In this process or in the worker's: whoever starts it is told.
        var wrong = await Should.ThrowAsync<Exception>(() => StartAsync(origins));

        wrong.Message.ShouldContain("  Freeway__CorsOrigins: ");
    }

    private static Task<TestGateway> StartAsync(string? origins) =>
        TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:CorsOrigins"] = origins });

    private static Task<HttpResponseMessage> PreflightAsync(TestGateway gateway, string origin) =>
        gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, "api/v1/chat/completions")
        {
            Headers =
            {
                { "Origin", origin },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang" },
            },
        });
}

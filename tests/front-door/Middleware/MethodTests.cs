using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>HEAD, OPTIONS, wrong methods and wrong paths.</summary>
public sealed class MethodTests
{
    [Theory]
    [InlineData("api/v1/models")]
    [InlineData("api/v1/models/demo/echo")]
    [InlineData("api/v1/quota")]
    [InlineData("api/v1/quota/demo/echo:free")]
    [InlineData("api/v1/key")]
    [InlineData("api/v1/credits")]
    [InlineData("api/v1/activity")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task Head_OfWhatCanBeRead_HasTheHeadersOfGetAndNoBody(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var got = await gateway.Http.GetAsync(path);

        using var head = await gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentType.ShouldBe(got.Content.Headers.ContentType);
        head.Content.Headers.ContentLength.ShouldBe(got.Content.Headers.ContentLength);
        head.Content.Headers.ContentLength!.Value.ShouldBeGreaterThan(0);
        head.Headers.CacheControl.ShouldBe(got.Headers.CacheControl);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_OfQuota_TakesNothing()
    {
        await using var gateway = await TestGateway.StartAsync();

        for (var i = 0; i < 12; i++)
        {
            using var head = await gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/v1/quota/demo/echo:free"));
            head.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await gateway.GetAsync("api/v1/quota/demo/echo:free")).GetProperty("data")[0].GetProperty("used").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Head_WithoutAKey_IsRefusedWithoutABody()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client(null);

        using var head = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/v1/models"));

        head.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("api/v1/chat/completions", "POST, OPTIONS")]
    [InlineData("api/v1/models", "GET, HEAD, OPTIONS")]
    [InlineData("api/v1/models/demo/echo", "GET, HEAD, OPTIONS")]
    [InlineData("api/v1/admin/resets", "GET, HEAD, POST, OPTIONS")]
    [InlineData("health/live", "GET, HEAD, OPTIONS")]
    public async Task Options_OfAPath_NamesItsMethods(string path, string allowed)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client(null);

        using var response = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Options, path));

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        string.Join(", ", response.Content.Headers.Allow).ShouldBe(allowed);
    }

    [Theory]
    [InlineData("GET", "api/v1/chat/completions", "POST, OPTIONS")]
    [InlineData("HEAD", "api/v1/chat/completions", "POST, OPTIONS")]
    [InlineData("DELETE", "api/v1/models", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/key", "GET, HEAD, OPTIONS")]
    [InlineData("PURGE", "health/ready", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/models/demo/echo", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/quota", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/quota/demo/echo", "GET, HEAD, OPTIONS")]
    [InlineData("PUT", "api/v1/quota/check", "GET, HEAD, POST, OPTIONS")]
    [InlineData("POST", "api/v1/activity/019e7480d2a07c7f9b1e5a3c4d5e6f70", "GET, HEAD, OPTIONS")]
    [InlineData("PATCH", "api/v1/admin/orgs", "GET, HEAD, POST, OPTIONS")]
    [InlineData("POST", "api/v1/admin/orgs/demo", "DELETE, GET, HEAD, PATCH, OPTIONS")]
    [InlineData("DELETE", "api/v1/admin/orgs/demo/keys", "GET, HEAD, POST, OPTIONS")]
    [InlineData("POST", "api/v1/admin/orgs/demo/keys/robot", "DELETE, GET, HEAD, PATCH, OPTIONS")]
    [InlineData("GET", "api/v1/admin/orgs/demo/keys/robot/rotate", "POST, OPTIONS")]
    [InlineData("PUT", "api/v1/admin/management-keys", "GET, HEAD, POST, OPTIONS")]
    [InlineData("DELETE", "api/v1/admin/plans", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/admin/plans/free", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS")]
    [InlineData("PATCH", "api/v1/admin/upstreams", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/admin/upstreams/loopback/key", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "api/v1/admin/models/demo/echo", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS")]
    [InlineData("DELETE", "api/v1/admin/catalogue/versions", "GET, HEAD, POST, OPTIONS")]
    [InlineData("POST", "api/v1/admin/catalogue/versions/1", "GET, HEAD, OPTIONS")]
    [InlineData("GET", "api/v1/admin/catalogue/activations", "DELETE, POST, OPTIONS")]
    [InlineData("DELETE", "api/v1/admin/credits", "GET, HEAD, POST, OPTIONS")]
    [InlineData("PUT", "api/v1/admin/reconciliations", "GET, HEAD, POST, OPTIONS")]
    public async Task Method_ThatThePathDoesNotTake_Is405AndNamesThoseThatItDoes(string method, string path, string allowed)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        string.Join(", ", response.Content.Headers.Allow).ShouldBe(allowed);
        response.Header("x-request-id").Length.ShouldBe(32);
        if (method is not "HEAD")
        {
            var error = await response.ErrorAsync(HttpStatusCode.MethodNotAllowed);
            error.GetProperty("code").GetString().ShouldBe("method_not_allowed");
            error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
            error.GetProperty("message").GetString()!.ShouldContain(allowed.Split(',')[0]);
        }
    }

    [Theory]
    [InlineData("api/v1/models?slug=demo/echo")]
    [InlineData("api/v1/quota?slug=demo/echo")]
    [InlineData("api/v1/activity?id=019e7480d2a07c7f9b1e5a3c4d5e6f70")]
    [InlineData("api/v1/admin/orgs?org=demo")]
    [InlineData("api/v1/admin/orgs/demo/keys?key=robot")]
    [InlineData("api/v1/admin/management-keys?key=robot")]
    [InlineData("api/v1/admin/models?model=demo/echo")]
    [InlineData("api/v1/admin/plans?name=free")]
    [InlineData("api/v1/admin/upstreams?name=loopback")]
    [InlineData("api/v1/admin/catalogue/versions?number=1")]
    public async Task List_WithAFieldOfTheQueryNamedLikeAnItem_IsStillTheList(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        var isAdmin = path.Contains("/admin/", StringComparison.Ordinal);
        using var client = gateway.Client(isAdmin ? gateway.Host.AdminKey : gateway.ApiKey);

        (await gateway.GetAsync(path, client)).GetProperty("object").GetString().ShouldBe("list");
    }

    [Theory]
    [InlineData("api/v1/quota/check/")]
    [InlineData("api/v1/quota/CHECK")]
    public async Task Path_OfACheck_IsItWithASlashAtItsEndAndInAnyCase(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("""{"model":"demo/echo:free","messages":[]}""", path: path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "v1/models", "/api/v1/models")]
    [InlineData("POST", "v1/chat/completions", "/api/v1/chat/completions")]
    [InlineData("POST", "chat/completions", "/api/v1/chat/completions")]
    [InlineData("POST", "api/v1/api/v1/chat/completions", "/api/v1/chat/completions")]
    [InlineData("POST", "api/v1/v1/chat/completions", "/api/v1/chat/completions")]
    [InlineData("POST", "api//v1/embeddings", "/api/v1/embeddings")]
    [InlineData("GET", "api/v1/health/live", "/health/live")]
    [InlineData("GET", "models/demo/echo", "/api/v1/models/demo/echo")]
    public async Task Path_WithAPrefixThatIsWrong_Is404AndNamesTheRightOne(string method, string path, string meant)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method is "POST" ? new StringContent("{}") : null });

        var error = await response.ErrorAsync(HttpStatusCode.NotFound);
        error.GetProperty("code").GetString().ShouldBe("not_found");
        error.GetProperty("message").GetString()!.ShouldContain($"did you mean {meant}?");
    }

    [Theory]
    [InlineData("")]
    [InlineData("favicon.ico")]
    [InlineData("api/v1")]
    [InlineData("api/v1/no/such/thing")]
    public async Task Path_ThatLeadsNowhere_Is404InOurShape(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client(null);

        using var response = await nobody.GetAsync(path);

        var error = await response.ErrorAsync(HttpStatusCode.NotFound);
        error.GetProperty("code").GetString().ShouldBe("not_found");
        error.GetProperty("message").GetString()!.ShouldNotContain("did you mean");
        using var options = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Options, path));
        options.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Path_WithASlashAtItsEnd_IsThePathWithout()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var models = await gateway.Http.GetAsync("api/v1/models/");
        using var chat = await gateway.PostAsync("""{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""", path: "api/v1/chat/completions/");

        (await models.JsonAsync()).GetProperty("object").GetString().ShouldBe("list");
        chat.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}

using System.Net;
using System.Net.Http.Headers;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Admin;

/// <summary>A compressed answer has a weak <c>ETag</c>, and <c>If-Match</c> takes it back as it was sent.</summary>
public sealed class WeakTagTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Tag_OfACompressedCatalogue_IsTakenBackAsItWasSent(string encoding)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        using var shown = await GetAsync(admin, "catalogue", encoding);
        var tag = shown.Headers.ETag.ShouldNotBeNull();
        tag.IsWeak.ShouldBeTrue("it was compressed");

        var name = $$"""{"name":"Renamed over {{encoding}}"}""";
        using var changed = await admin.OrderAsync("PATCH", "models/demo%2Fecho", name, ifMatch: tag);
        using var late = await admin.OrderAsync("PATCH", "models/demo%2Fecho", """{"name":"Too late"}""", ifMatch: tag);

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        late.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Theory]
    [InlineData("orgs", """{"id":"acme","name":"Acme"}""", "orgs/acme", """{"name":"Acme & Co"}""")]
    [InlineData("orgs/demo/keys", """{"id":"robot"}""", "orgs/demo/keys/robot", """{"label":"A robot"}""")]
    [InlineData("management-keys", """{"id":"till","scopes":["billing"]}""", "management-keys/till", """{"label":"A till"}""")]
    public async Task Tag_ThatIsWeak_CountsLikeTheStrongOneOfTheSameRevision(string list, string body, string path, string change)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Admin();
        await admin.DoneAsync("POST", list, body);
        using var shown = await GetAsync(admin, path, "identity");
        var tag = new EntityTagHeaderValue(shown.Headers.ETag!.Tag, isWeak: true);

        using var other = await admin.OrderAsync("PATCH", path, change, ifMatch: new EntityTagHeaderValue("\"another\"", isWeak: true));
        using var changed = await admin.OrderAsync("PATCH", path, change, ifMatch: tag);
        using var late = await admin.OrderAsync("DELETE", path, ifMatch: tag);

        other.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        late.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient admin, string path, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/admin/" + path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        var response = await admin.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return response;
    }
}

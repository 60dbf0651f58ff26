using System.Text;

namespace Freeway.Feed.Tests.Refit;

public class RequestTests
{
    [Fact]
    public async Task Path_WithBaseAddressAndReservedCharacters_IsAppendedAndEscaped()
    {
        var server = ScriptedServer.Answering("""{"id":"x","contextLength":8}""");

        await server.Client().Model("a/b c:free");

        server.Request!.RequestUri!.AbsoluteUri.ShouldBe("http://upstream.test/v1/models/a%2Fb%20c%3Afree");
        server.Request.Method.ShouldBe(HttpMethod.Get);
    }

    [Fact]
    public async Task Path_WithCatchAllPlaceholder_KeepsItsSlashes()
    {
        var server = ScriptedServer.Answering("");

        await server.Client("http://upstream.test").File("a b/c");

        server.Request!.RequestUri!.AbsoluteUri.ShouldBe("http://upstream.test/files/a%20b/c");
    }

    [Fact]
    public async Task Query_WithAliasNullAndSeveralValues_FollowsTheFixedPart()
    {
        var server = ScriptedServer.Answering("");

        await server.Client().Search("a&b", null, ["x", "y"]);

        server.Request!.RequestUri!.Query.ShouldBe("?fixed=1&q=a%26b&tag=x&tag=y");
    }

    [Fact]
    public async Task Headers_FromAllAttributes_LaterReplacesEarlier()
    {
        var server = ScriptedServer.Answering("{}");
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");

        using var response = await server.Client().Chat(
            body, "secret", "1", new Dictionary<string, string> { ["X-Two"] = "2", ["X-More"] = "three" });

        var headers = server.Request!.Headers;
        headers.Authorization!.ToString().ShouldBe("Bearer secret");
        headers.GetValues("X-Fixed").ShouldBe(["one"]);
        headers.Contains("X-Dropped").ShouldBeFalse();
        headers.GetValues("X-One").ShouldBe(["1"]);
        headers.GetValues("X-Two").ShouldBe(["2"]);
        headers.GetValues("X-More").ShouldBe(["three"]);
    }

    [Fact]
    public async Task Header_WithoutValue_IsNotSent()
    {
        var server = ScriptedServer.Answering("{}");
        using var body = new StringContent("{}");

        using var response = await server.Client().Chat(body, "secret", null, new Dictionary<string, string>());

        server.Request!.Headers.Contains("X-One").ShouldBeFalse();
    }

    [Fact]
    public async Task Body_ThatIsContent_IsSentAsItIs()
    {
        var server = ScriptedServer.Answering("{}");
        using var body = new StringContent("""{ "model" : "x" }""", Encoding.UTF8, "application/json");

        using var response = await server.Client().Chat(body, "secret", null, new Dictionary<string, string>());

        server.Request!.Content.ShouldBeSameAs(body);
        server.Body.ShouldBe("""{ "model" : "x" }""");
    }

    [Fact]
    public async Task Body_ThatIsAStream_IsSentUnread()
    {
        var server = ScriptedServer.Answering("");

        await server.Client().Upload(new MemoryStream(Encoding.UTF8.GetBytes("bytes")));

        server.Body.ShouldBe("bytes");
        server.Request!.Method.ShouldBe(HttpMethod.Put);
    }

    [Fact]
    public async Task Body_ThatIsAnObject_IsCamelCaseJson()
    {
        var server = ScriptedServer.Answering("""{"id":"x","contextLength":8}""");

        using var response = await server.Client().Change("x", new Model("x", 8));

        server.Body.ShouldBe("""{"id":"x","contextLength":8}""");
        server.Request!.Content!.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }
}

using System.Net;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Middleware;

/// <summary>The caller's own request id is told back and recorded; ours stays the one that is unique.</summary>
public sealed class RequestIdTests
{
    private const string Body = """{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task Id_OfTheCaller_IsToldBackAndRecorded_TwiceIfItComesTwice()
    {
        await using var gateway = await TestGateway.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            using var response = await gateway.PostAsync(Body, headers: ("x-request-id", "trace-42/a:b"));
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Header("x-request-id").ShouldBe("trace-42/a:b");
            response.Header("x-freeway-request-id").Length.ShouldBe(32);
            await response.Content.ReadAsStringAsync();
        }

        var records = await gateway.ActivityAsync(2);

        records.Count.ShouldBe(2);
        records.Select(record => record.GetProperty("caller_request_id").GetString()).ShouldBe(["trace-42/a:b", "trace-42/a:b"]);
        records.Select(record => record.GetProperty("id").GetString()).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Id_OfOurs_NamesTheRecord()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.PostAsync(Body, headers: ("x-request-id", "mine"));
        await response.Content.ReadAsStringAsync();

        (await gateway.ActivityAsync(1))[0].GetProperty("id").GetString().ShouldBe(response.Header("x-freeway-request-id"));
    }

    [Fact]
    public async Task NoId_OfTheCaller_GivesItOurs()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(Body);

        response.Header("x-request-id").ShouldBe(response.Header("x-freeway-request-id"));
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("semi;colon")]
    [InlineData("<script>")]
    [InlineData("\"quoted\"")]
    public async Task Id_ThatIsNotWellFormed_IsReplacedByOurs(string id) => await IsReplacedAsync(id);

    [Fact]
    public async Task Id_ThatIsTooLong_IsReplacedByOurs()
    {
        await IsReplacedAsync(new string('a', 129));
        await using var gateway = await TestGateway.StartAsync();
        using var longest = await gateway.PostAsync(Body, path: "nowhere", headers: ("x-request-id", new string('a', 128)));
        longest.Header("x-request-id").ShouldBe(new string('a', 128));
    }

    private static async Task IsReplacedAsync(string id)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/key");
        request.Headers.TryAddWithoutValidation("x-request-id", id).ShouldBeTrue();

        using var response = await gateway.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-request-id").ShouldBe(response.Header("x-freeway-request-id"));
        response.Header("x-request-id").Length.ShouldBe(32);
    }
}

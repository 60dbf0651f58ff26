using System.Net;
using System.Text.Json;
using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Http;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Tests.Hosting.Samples;

namespace Freeway.Runner.Tests.Hosting;

public sealed class RoutingTests : IAsyncLifetime
{
    private SampleApp _app = null!;

    public async Task InitializeAsync() =>
        _app = await SampleApp.StartAsync<HttpSamples>(options => options with { HostFile = new HostFile { RoutePrefix = "" } });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Route_NotGiven_IsTheFunctionsName() =>
        (await _app.Client.GetStringAsync("/plainname")).ShouldBe("/plainname");

    [Fact]
    public async Task Prefix_NotSaidInTheHostFile_IsApi()
    {
        await using var app = await SampleApp.StartAsync<HttpSamples>();

        (await app.Client.GetStringAsync("/api/PlainName")).ShouldBe("/api/PlainName");
        (await app.Client.GetAsync("/PlainName")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/numbers/42", "number 42")]
    [InlineData("/numbers/many", "word many")]
    [InlineData("/pages", "none none 20")]
    [InlineData("/pages/3", "3 none 20")]
    [InlineData("/pages/3?sort=name&size=5", "3 name 5")]
    public async Task Values_OfRouteAndQuery_BindByName(string path, string answer) =>
        (await _app.Client.GetStringAsync(path)).ShouldBe(answer);

    [Theory]
    [InlineData("/numbers/4x2")]
    [InlineData("/pages/three")]
    [InlineData("/unknown")]
    public async Task Path_ThatNoConstraintAllows_IsNotFound(string path) =>
        (await _app.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("sarvam/saaras:v3:free", "sarvam/saaras:v3:free", "sarvam/saaras:v3:free")]
    [InlineData("sarvam%2Fsaaras%3Av3%3Afree", "sarvam%2Fsaaras:v3:free", "sarvam/saaras:v3:free")]
    public async Task CatchAll_PlainOrEncoded_KeepsEncodedSlashesForTheFunction(string sent, string slug, string decoded)
    {
        using var answer = JsonDocument.Parse(await _app.Client.GetStringAsync("/models/" + sent));

        answer.RootElement.GetProperty("slug").GetString().ShouldBe(slug);
        answer.RootElement.GetProperty("decoded").GetString().ShouldBe(decoded);
    }

    [Fact]
    public async Task Methods_OnOneRoute_ReachTheirOwnFunctions()
    {
        (await _app.Client.GetStringAsync("/thing")).ShouldBe("got");
        (await (await _app.Client.PutAsync("/thing", null)).Content.ReadAsStringAsync()).ShouldBe("PUT");
        (await _app.Client.DeleteAsync("/thing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Methods_NotGiven_AreAll()
    {
        (await _app.Client.GetStringAsync("/any")).ShouldBe("GET");
        (await (await _app.Client.DeleteAsync("/any")).Content.ReadAsStringAsync()).ShouldBe("DELETE");
    }

    [Theory]
    [InlineData("GET", "/items/7", "item 7, to the worker 7")]
    [InlineData("GET", "/items", "item none, to the worker none")]
    [InlineData("GET", "/items/newest", "item newest, to the worker none")]
    [InlineData("POST", "/items/newest", "posted newest")]
    [InlineData("PUT", "/items/newest", "other")]
    [InlineData("GET", "/zoo", "other")]
    public async Task Routes_ThatOverlap_GoToTheFirstFunctionByName(string method, string path, string answer)
    {
        await using var app = await SampleApp.StartAsync(
            typeof(OverlapSamples), options => options with { HostFile = new HostFile { RoutePrefix = "" } });

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
    }

    [Theory]
    [InlineData("GET", "/items/7", "item 7, to the worker 7")]
    [InlineData("GET", "/items", "item none, to the worker none")]
    [InlineData("GET", "/items/newest", "newest")]
    [InlineData("POST", "/items/newest", "posted newest")]
    [InlineData("PUT", "/items/newest", "other")]
    [InlineData("GET", "/zoo", "zoo")]
    public async Task Routes_ThatOverlapInTheOtherOrder_GoToTheMorePrecisePattern(
        string method, string path, string answer)
    {
        await using var app = await SampleApp.StartAsync(
            typeof(OverlapSamples),
            options => options with
            {
                HostFile = new HostFile { RoutePrefix = "" },
                RouteOrder = RouteOrder.Pattern,
            });

        using var response = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
    }

    [Theory]
    [InlineData(29_000_000, HttpStatusCode.OK)]
    [InlineData(31_000_000, HttpStatusCode.InternalServerError)]
    public async Task Body_OverTheServersDefault_FailsWhereTheAppDoesNotRaiseIt(int bytes, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/reads");
        request.Content = new ByteArrayContent(new byte[bytes]);
        // Without a length, the server finds out while the function reads; the framing of the chunks counts too.
        request.Headers.TransferEncodingChunked = true;

        using var answer = await _app.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Headers_OverTheServersDefault_AreRefusedWhereTheAppDoesNotRaiseIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        request.Headers.Add("x-long", new string('a', 33_000));

        using var answer = await _app.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
    }

    [Fact]
    public async Task Function_ThatWritesItself_IsLeftAlone()
    {
        var answer = await _app.Client.PostAsync("/writes", new StringContent("as it came"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("as it came");
        answer.Headers.Server.ShouldBeEmpty();
    }

    [Fact]
    public async Task Function_ThatDoesNothing_AnswersEmpty()
    {
        var answer = await _app.Client.GetAsync("/nothing");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Context_OfARequest_CarriesTheRequestsServices()
    {
        using var answer = JsonDocument.Parse(await _app.Client.GetStringAsync("/context"));

        answer.RootElement.GetProperty("name").GetString().ShouldBe("Context");
        foreach (var fact in new[] { "hasId", "sameHttp", "sameScope", "notebook" })
        {
            answer.RootElement.GetProperty(fact).GetBoolean().ShouldBeTrue(fact);
        }
    }
}

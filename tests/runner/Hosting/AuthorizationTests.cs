using System.Net;
using Freeway.Runner.Tests.Hosting.Samples;

namespace Freeway.Runner.Tests.Hosting;

public sealed class AuthorizationTests : IAsyncLifetime
{
    private SampleApp _app = null!;

    public async Task InitializeAsync() => _app = await SampleApp.StartAsync<HttpSamples>();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("nothing", null, HttpStatusCode.OK)]
    [InlineData("keyed", null, HttpStatusCode.Unauthorized)]
    [InlineData("keyed", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("keyed", SampleApp.FunctionKey, HttpStatusCode.OK)]
    [InlineData("keyed", SampleApp.MasterKey, HttpStatusCode.OK)]
    [InlineData("admin", null, HttpStatusCode.Unauthorized)]
    [InlineData("admin", SampleApp.FunctionKey, HttpStatusCode.Unauthorized)]
    [InlineData("admin", SampleApp.MasterKey, HttpStatusCode.OK)]
    public async Task Level_WithKey_OpensOrAnswers401(string function, string? key, HttpStatusCode expected)
    {
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, $"/api/{function}");
        if (key is not null)
        {
            byHeader.Headers.Add("x-functions-key", key);
        }

        (await _app.Client.SendAsync(byHeader)).StatusCode.ShouldBe(expected);
        (await _app.Client.GetAsync($"/api/{function}{(key is null ? "" : $"?code={key}")}")).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Level_WithoutKeysInTheHost_StaysShut()
    {
        await using var app = await SampleApp.StartAsync<HttpSamples>(options => options with { Keys = new() });

        (await app.Client.GetAsync("/api/keyed?code=")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.Client.GetAsync("/api/admin")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}

using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using static Freeway.FrontDoor.Tests.Support.TwoUpstreams;

namespace Freeway.FrontDoor.Tests;

/// <summary>What a request says of its upstreams in <c>provider</c>, and asks to be told of them.</summary>
public sealed class ProviderPreferenceTests
{
    [Theory]
    [InlineData("""{"order":["two"]}""", "two")]
    [InlineData("""{"only":["TWO"]}""", "two")]
    [InlineData("""{"ignore":["one"]}""", "two")]
    [InlineData("""{}""", "one")]
    public async Task Provider_OfTheRequest_IsHeededAndNotSentOn(string provider, string upstream)
    {
        await using var gateway = await StartAsync();

        using var response = await AskAsync(gateway, provider: provider);

        response.Header("x-freeway-upstream").ShouldBe(upstream);
        using var sent = JsonDocument.Parse(gateway.Upstream.Requests.ShouldHaveSingleItem().Body);
        sent.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["model", "messages", "stream"], ignoreOrder: true);
    }

    [Fact]
    public async Task Provider_WithoutFallbacks_TheFirstsFailureIsTold()
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 500 });

        using var response = await AskAsync(gateway, provider: """{"allow_fallbacks":false}""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        gateway.Upstream.Received.ShouldBe(1);
        (await UsedAsync(gateway)).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"only":["nobody"]}""", "provider")]
    [InlineData("""{"order":"one"}""", "provider.order")]
    [InlineData("""{"max_price":1}""", "provider.max_price")]
    public async Task Provider_ThatCannotBeHeeded_IsRefusedBeforeAnythingIsTaken(string provider, string param)
    {
        await using var gateway = await StartAsync();

        using var response = await AskAsync(gateway, provider: provider);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe(param);
        gateway.Upstream.Received.ShouldBe(0);
        (await UsedAsync(gateway)).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_AskedForItsRoute_TellsOfIt(bool stream)
    {
        await using var gateway = await StartAsync(_ => new LoopbackScript { Error = 500 });

        using var response = await AskAsync(gateway, stream: stream, headers: [("x-freeway-include", "route")]);

        var text = await response.Content.ReadAsStringAsync();
        var json = stream ? text.Split('\n').Last(line => line.Contains("\"freeway\":", StringComparison.Ordinal))["data: ".Length..] : text;
        using var document = JsonDocument.Parse(json);
        var note = document.RootElement.GetProperty("freeway");
        note.GetProperty("route").EnumerateArray().Select(attempt => attempt.GetProperty("upstream").GetString()).ShouldBe(["one", "two"]);
        note.TryGetProperty("limits", out _).ShouldBeFalse();
    }
}

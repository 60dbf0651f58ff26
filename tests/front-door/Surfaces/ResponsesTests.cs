using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Presets;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Identity;
using Freeway.Runner.Loopback;

namespace Freeway.FrontDoor.Tests.Surfaces;

public sealed class ResponsesTests
{
    private const string Streamed = """{"model":"demo/echo:free","input":"one two three","stream":true}""";

    [Fact]
    public async Task Whole_IsRecordedWithItsUsage()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(
            "responses", """{"model":"demo/echo:free","instructions":"be brief","input":[{"role":"user","content":[{"type":"input_text","text":"one two three"}]}]}""");

        (await response.JsonAsync()).Text("object").ShouldBe("response");
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("finish_reason"), record.Text("upstream_model"))
            .ShouldBe((5, 3, "completed", "echo"));
        record.GetProperty("estimated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Stream_IsPassedOnAsItIsAndRecordedWithItsUsage()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("responses", Streamed);

        var stream = await response.ReadAsync();
        stream.ShouldStartWith("event: response.created\n");
        stream.ShouldContain("event: response.completed\n");
        stream.ShouldNotContain("[DONE]");
        var sent = System.Text.Encoding.UTF8.GetString(gateway.Upstream.Requests.ShouldHaveSingleItem().Body.Span);
        sent.ShouldBe(Streamed.Replace("demo/echo:free", "echo", StringComparison.Ordinal));
        var record = await gateway.RecordAsync();
        (record.Count("prompt_tokens"), record.Count("completion_tokens"), record.Text("finish_reason")).ShouldBe((3, 3, "completed"));
        (record.GetProperty("stream").GetBoolean(), record.GetProperty("estimated").GetBoolean()).ShouldBe((true, false));
    }

    [Fact]
    public async Task Stream_WithoutUsage_IsEstimatedByItsDeltas()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Usage = LoopbackUsage.None, Text = new string('x', 40) });

        using var response = await gateway.CallAsync("responses", Streamed);

        await response.ReadAsync();
        var record = await gateway.RecordAsync();
        record.Count("completion_tokens").ShouldBe(10);
        record.GetProperty("estimated").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("/script drop_after=1 one two three")]
    [InlineData("/script error_after=1 one two three")]
    public async Task Stream_ThatBreaks_EndsInAnErrorEventAndIsCutOff(string text)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync("responses", JsonSerializer.Serialize(new { model = "demo/echo:free", input = text, stream = true }));

        var seen = await BrokenOff.ReadAsync(response);
        seen.Split("event: error\n").Length.ShouldBe(2);
        seen.ShouldNotContain("response.completed");
        (await gateway.RecordAsync()).Text("error_code").ShouldBe("upstream_error");
    }

    [Fact]
    public async Task Stream_OfAResponseThatFails_IsPassedOnToItsEnd()
    {
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { FinishReason = "failed" });

        using var response = await gateway.CallAsync("responses", Streamed);

        (await response.ReadAsync()).ShouldContain("event: response.failed\n");
        (await gateway.RecordAsync()).Text("finish_reason").ShouldBe("failed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Include_OfTheQuota_IsAddedToTheAnswer(bool stream)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(
            "responses", JsonSerializer.Serialize(new { model = "demo/echo:free", input = "one two", stream }), ("x-freeway-include", "quota"));

        var text = await response.ReadAsync();
        var last = stream ? text[(text.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..] : text;
        using var json = JsonDocument.Parse(last);
        json.RootElement.GetProperty("freeway").Text("tier").ShouldBe("free");
        json.RootElement.TryGetProperty("response", out _).ShouldBe(stream);
    }

    [Fact]
    public async Task Caps_OfThePlan_GoUpstreamAsMaxOutputTokens()
    {
        await using var gateway = await PresetGateway.StartAsync("apilaplas", null, [PresetGateway.Free("acme/a", "apilaplas")]);
        using var caller = await gateway.NewCallerAsync(new Org("acme", "Acme"));

        using var tooMuch = await gateway.PostAsync("""{"model":"acme/a:free","input":"hi","max_output_tokens":513}""", caller, "api/v1/responses");
        using var image = await gateway.PostAsync(
            """{"model":"acme/a:free","input":[{"role":"user","content":[{"type":"input_image","image_url":"https://example.com/a.png"}]}]}""", caller, "api/v1/responses");
        using var fits = await gateway.PostAsync("""{"model":"acme/a:free","input":"hi"}""", caller, "api/v1/responses");

        var error = await tooMuch.ErrorAsync(HttpStatusCode.BadRequest);
        (error.Text("code"), error.Text("param"), error.Count("cap")).ShouldBe(("cap_exceeded", "max_output_tokens", 512));
        (await image.ErrorAsync(HttpStatusCode.BadRequest)).Text("param").ShouldBe("input");
        await fits.ReadAsync();
        gateway.Upstream.Requests.ShouldHaveSingleItem().Response!.MaxWords.ShouldBe(512);
    }

    [Fact]
    public async Task Reservation_OfAConversation_IsAsLongAsTheContext()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.CallAsync(
            "quota/check",
            """{"model":"demo/echo","input":"hi","previous_response_id":"resp_1","max_output_tokens":10}""",
            ("x-freeway-endpoint", "responses"));

        var estimate = (await response.JsonAsync()).GetProperty("estimate");
        (estimate.Count("input_tokens"), estimate.Count("output_tokens")).ShouldBe((32768, 10));
    }
}

using System.ClientModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Runner.Loopback;
using OpenAI;

namespace Freeway.FrontDoor.Tests;

/// <summary>Sound that is listened to: forms with a file, answers in every format, seconds in the books.</summary>
public sealed class TranscriptionTests
{
    private const string Saaras = "sarvam/saaras:v3";
    private const string Free = Saaras + ":free";

    /// <summary>Of one second, at the catalogue's $0.006 a minute.</summary>
    private const decimal SecondNanos = 100_000;

    [Theory]
    [InlineData("json", false)]
    [InlineData("verbose_json", false)]
    [InlineData("text", true)]
    [InlineData("srt", true)]
    [InlineData("vtt", true)]
    public async Task Transcription_InAFormat_IsTheUpstreamsOwn_AndItsSecondsAreBooked(string format, bool estimated)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var plain = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        using var direct = await plain.PostAsync(gateway.Upstream.BaseUrl + "/audio/transcriptions", Sound.Form("saaras:v3", Sound.Wav(2.5), ("response_format", format)));

        using var response = await gateway.TranscribeAsync(Free, Sound.Wav(2.5), fields: ("response_format", format));

        (await response.Content.ReadAsStringAsync()).ShouldBe(await direct.Content.ReadAsStringAsync());
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType.ShouldBe(direct.Content.Headers.ContentType);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (Text(record, "endpoint"), Text(record, "tier"), Text(record, "cost_usd")).ShouldBe(("audio/transcriptions", "free", "0.00"));
        (Number(record, "seconds"), record.GetProperty("estimated").GetBoolean()).ShouldBe((3, estimated));
        Number(record, "total_tokens").ShouldBe(0);
    }

    [Fact]
    public async Task Transcription_TheModelLast_GoesUpstreamByteForByteButForIt_AndCountsOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var form = Sound.Form(Free, Sound.Wav(1), ("language", "hi"), ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment"));
        var sent = await form.ReadAsByteArrayAsync();

        using var response = await gateway.Http.PostAsync("api/v1/audio/transcriptions", form);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("X-RateLimit-Remaining").ShouldBe("9");
        response.Header("x-freeway-model").ShouldBe(Saaras);
        var request = gateway.Upstream.Requests.ShouldHaveSingleItem();
        Encoding.Latin1.GetString(request.Body.Span).ShouldBe(Encoding.Latin1.GetString(sent).Replace(Free, "saaras:v3", StringComparison.Ordinal));
        request.Headers["Content-Type"].ShouldBe(form.Headers.ContentType!.ToString());
        request.Headers["Content-Length"].ShouldBe(request.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await RemainingAsync(gateway)).ShouldBe(9);
    }

    [Fact]
    public async Task Transcription_Streamed_IsRelayedAndSettledByItsLastEvent()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.TranscribeAsync(Free, Sound.Wav(2), fields: [("stream", "true"), ("prompt", "/script seconds=6.5 hello world")]);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.Select(one => JsonDocument.Parse(one["data: ".Length..]).RootElement.GetProperty("type").GetString())
            .ShouldBe(["transcript.text.delta", "transcript.text.delta", "transcript.text.done"]);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (Number(record, "seconds"), record.GetProperty("stream").GetBoolean(), record.GetProperty("estimated").GetBoolean()).ShouldBe((7, true, false));
    }

    [Fact]
    public async Task Translation_IsAnswered()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.PostAsync("api/v1/audio/translations", Sound.Form(Free, Sound.Wav(1), ("response_format", "verbose_json")));

        (await response.JsonAsync()).GetProperty("task").GetString().ShouldBe("translate");
        Text((await gateway.ActivityAsync(1)).ShouldHaveSingleItem(), "endpoint").ShouldBe("audio/translations");
    }

    [Theory]
    [InlineData("/script seconds=61 said", 61)]
    [InlineData("/script usage=none said", 4)]
    [InlineData("/script usage=zero said", 4)]
    public async Task Transcription_ThatIsPaid_CostsItsSecondsExactly(string prompt, int seconds)
    {
        await using var gateway = await TestGateway.StartAsync();
        var before = await gateway.LeftAsync();

        using var response = await gateway.TranscribeAsync(Saaras, Sound.Wav(3.2), fields: ("prompt", prompt));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (Text(record, "tier"), Number(record, "seconds")).ShouldBe(("paid", seconds));
        (before - await gateway.LeftAsync()).ShouldBe(seconds * SecondNanos);
    }

    [Theory]
    [InlineData("/script usage=tokens seconds=2 hello world", 25, 2, false)]
    [InlineData("/script usage=duration seconds=2 hello world", 20 + 44, 20, true)]
    [InlineData("/script usage=none hello world", 20 + 30, 20, true)]
    public async Task Transcription_OfAModelPricedByTokens_CostsItsTokens(string prompt, int input, int output, bool estimated)
    {
        await using var gateway = await TestGateway.StartAsync();
        var before = await gateway.LeftAsync();

        using var response = await gateway.TranscribeAsync("demo/paid", Sound.Wav(2), fields: ("prompt", prompt));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        (Number(record, "prompt_tokens"), Number(record, "completion_tokens"), record.GetProperty("estimated").GetBoolean()).ShouldBe((input, output, estimated));
        (before - await gateway.LeftAsync()).ShouldBe((input * 100) + (output * 400));
    }

    [Fact]
    public async Task Seconds_OfALimit_AreHeldByTheFileAndSettledAsReported()
    {
        await using var gateway = await TestGateway.StartAsync(settings: TestCatalogue.Settings(new
        {
            plans = new { ears = new { limits = new[] { new { name = "heard", unit = "seconds", amount = 100, window = "day", scope = "org" } } } },
            models = new[] { TestCatalogue.Model("a/ears", new { free = new { enabled = true, plan = "ears" } }) },
        }));

        using var tooLong = await gateway.TranscribeAsync("a/ears:free", new byte[101_000]);
        using var fits = await gateway.TranscribeAsync("a/ears:free", Sound.Wav(90), fields: ("prompt", "/script seconds=80 said"));
        using var beyond = await gateway.TranscribeAsync("a/ears:free", Sound.Wav(20.5));
        using var rest = await gateway.TranscribeAsync("a/ears:free", Sound.Wav(20));

        (await tooLong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("unit").GetString().ShouldBe("seconds");
        (await beyond.ErrorAsync(HttpStatusCode.TooManyRequests)).GetProperty("quota_used").GetInt64().ShouldBe(80);
        (fits.StatusCode, rest.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        var limit = (await gateway.GetAsync("api/v1/quota/a/ears:free")).GetProperty("data")[0];
        (limit.GetProperty("used").GetInt64(), limit.GetProperty("remaining").GetInt64()).ShouldBe((100, 0));
    }

    [Fact]
    public async Task Repeat_WithAnotherBoundary_IsTheSameRequest()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Http.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        using var first = await gateway.TranscribeAsync(Free, Sound.Wav(1));
        var answer = await first.Content.ReadAsStringAsync();
        await gateway.ActivityAsync(1);

        using var second = await gateway.TranscribeAsync(Free, Sound.Wav(1));
        using var other = await gateway.TranscribeAsync(Free, Sound.Wav(1.5));

        second.Header("x-freeway-idempotent").ShouldBe("replayed");
        (await second.Content.ReadAsStringAsync()).ShouldBe(answer);
        (await other.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("Idempotency-Key");
        (await RemainingAsync(gateway)).ShouldBe(9);
    }

    [Fact]
    public async Task Upload_WhoseCallerLeavesInTheMiddle_CostsNothingAndLeavesNoFile()
    {
        await using var gateway = await TestGateway.StartAsync();
        var process = await gateway.Host.FunctionsProcessIdAsync();
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(gateway.Host.Url.Host, gateway.Host.Url.Port);
            var head = $"POST /api/v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.ApiKey}\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            await caller.GetStream().WriteAsync(new byte[1_000_000]);
            await Eventually.GetAsync(() => Task.FromResult(OpenSpools(process)), open => open > 0 || !OperatingSystem.IsLinux());
        }

        await Eventually.GetAsync(() => Task.FromResult(OpenSpools(process)), open => open is 0);
        Directory.GetFiles(Path.GetTempPath(), "freeway-upload-*").ShouldBeEmpty();
        (await RemainingAsync(gateway)).ShouldBe(10);
        gateway.Upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("model", "", null)]
    [InlineData("file", null, "x")]
    [InlineData("stream", "often", "x")]
    public async Task Form_ThatAsksForNothing_IsRefusedByName(string param, string? value, string? model)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent(model is null ? "" : Free), "model" } };
        if (param is not "file")
        {
            form.Add(new ByteArrayContent(new byte[10]), "file", "a");
        }

        if (param is "stream")
        {
            form.Add(new StringContent(value!), "stream");
        }

        using var response = await gateway.Http.PostAsync("api/v1/audio/transcriptions", form);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (Text(error, "code"), Text(error, "param")).ShouldBe(("invalid_request", param));
        (await RemainingAsync(gateway)).ShouldBe(10);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx")]
    [InlineData("multipart/form-data", "--b--")]
    [InlineData("application/json", "{}")]
    public async Task Body_ThatIsNoWholeForm_IsRefused(string type, string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await gateway.Http.PostAsync("api/v1/audio/transcriptions", content);

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        (Text(error, "code"), Text(error, "message")!.StartsWith("The request body is not a valid form: ", StringComparison.Ordinal)).ShouldBe(("invalid_request", true));
    }

    [Theory]
    [InlineData(400, HttpStatusCode.BadRequest, 9)]
    [InlineData(503, HttpStatusCode.BadGateway, 10)]
    public async Task Upstream_ThatFails_CountsAsOnAnySurface(int status, HttpStatusCode answered, int remaining)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.TranscribeAsync(Free, Sound.Wav(1), fields: ("prompt", $"/script error={status}"));

        response.StatusCode.ShouldBe(answered);
        (await RemainingAsync(gateway)).ShouldBe(remaining);
        Number((await gateway.ActivityAsync(1)).ShouldHaveSingleItem(), "seconds").ShouldBe(0);
    }

    [Fact]
    public async Task OpenAiClient_Transcribes()
    {
        await using var gateway = await TestGateway.StartAsync();
        var client = new OpenAIClient(new ApiKeyCredential(gateway.ApiKey), new OpenAIClientOptions { Endpoint = new Uri(gateway.Host.Url, "api/v1") });

        var answer = await client.GetAudioClient(Free).TranscribeAudioAsync(new MemoryStream(Sound.Wav(2.5)), "speech.wav");

        answer.Value.Text.ShouldBe("A recording of 2.5 seconds.");
        gateway.Upstream.Requests.ShouldHaveSingleItem().Transcription!.FileName.ShouldBe("speech.wav");
    }

    private static int OpenSpools(int process) => OperatingSystem.IsLinux()
        ? Directory.GetFiles($"/proc/{process}/fd").Count(link => new FileInfo(link).LinkTarget?.Contains("freeway-upload-", StringComparison.Ordinal) is true)
        : 0;

    private static async Task<long> RemainingAsync(TestGateway gateway) =>
        (await gateway.GetAsync($"api/v1/quota/{Free}")).GetProperty("data")[0].GetProperty("remaining").GetInt64();

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private static long Number(JsonElement record, string name) => record.GetProperty(name).GetInt64();
}

using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Freeway.Runner.Loopback;

namespace Freeway.Runner.Tests.Loopback;

public sealed class LoopbackAudioTests
{
    [Fact]
    public async Task Speech_AsAFile_IsAWavAsLongAsTheText()
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync("/audio/speech", new StringContent("""{"model":"m","input":"hello world","voice":"v"}"""));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        response.Headers.TransferEncodingChunked.ShouldBe(true);
        var wav = await response.Content.ReadAsByteArrayAsync();
        wav.Length.ShouldBe(44 + (11 * 960));
        Encoding.ASCII.GetString(wav, 0, 4).ShouldBe("RIFF");
        BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(4)).ShouldBe(wav.Length - 8);
        BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(28)).ShouldBe(48000);
        BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(40)).ShouldBe(11 * 960);
    }

    [Fact]
    public async Task Speech_AsPcm_IsTheBareSamples()
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync("/audio/speech", new StringContent("""{"model":"m","input":"ab","response_format":"pcm"}"""));

        (await response.Content.ReadAsByteArrayAsync()).Length.ShouldBe(2 * 960);
    }

    [Theory]
    [InlineData("hello world", """{"input_tokens":2,"output_tokens":2,"total_tokens":4}""")]
    [InlineData("/script usage=none hello world", null)]
    [InlineData("/script usage=zero hello world", """{"input_tokens":0,"output_tokens":0,"total_tokens":0}""")]
    public async Task Speech_AsEvents_IsTheSameAudio(string input, string? usage)
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsOfAsync("/audio/speech", $$"""{"model":"m","input":"{{input}}","stream_format":"sse"}""");

        var data = events.Select(one => JsonNode.Parse(one.Data)!).ToArray();
        data.Select(one => (string?)one["type"]).ShouldBe(["speech.audio.delta", "speech.audio.delta", "speech.audio.done"]);
        data[..^1].Sum(one => Convert.FromBase64String((string)one["audio"]!).Length).ShouldBe(44 + (11 * 960));
        data[^1]["usage"]?.ToJsonString().ShouldBe(usage);
    }

    [Theory]
    [InlineData("drop_after=1")]
    [InlineData("error_after=1")]
    public async Task Speech_ScriptedToBreak_EndsEarly(string setting)
    {
        await using var rig = await LoopbackRig.StartAsync();
        using var response = await rig.PostAsync("/audio/speech", new StringContent($$"""{"model":"m","input":"/script {{setting}} a b"}"""));

        await Should.ThrowAsync<HttpRequestException>(response.Content.ReadAsByteArrayAsync);
    }

    [Theory]
    [InlineData("json", """{"text":"A recording of 2.5 seconds.","usage":{"type":"duration","seconds":3}}""", "application/json")]
    [InlineData("text", "A recording of 2.5 seconds.\n", "text/plain")]
    [InlineData("srt", "1\n00:00:00,000 --> 00:00:02,500\nA recording of 2.5 seconds.\n\n", "text/plain")]
    [InlineData("vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nA recording of 2.5 seconds.\n\n", "text/plain")]
    public async Task Transcription_InAFormat_IsWhatOpenAiSends(string format, string expected, string type)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync("/audio/transcriptions", Form(("response_format", format)));

        (await response.Content.ReadAsStringAsync()).ShouldBe(expected);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
    }

    [Fact]
    public async Task Transcription_Verbose_HasDurationAndSegments()
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync("/audio/translations", Form(("response_format", "verbose_json"), ("language", "hi")));

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        ((string?)answer["task"], (string?)answer["language"], (double)answer["duration"]!).ShouldBe(("translate", "hi", 2.5));
        ((double)answer["segments"]![0]!["end"]!).ShouldBe(2.5);
    }

    [Theory]
    [InlineData("usage=tokens seconds=2", """{"type":"tokens","input_tokens":25,"input_token_details":{"text_tokens":5,"audio_tokens":20},"output_tokens":2,"total_tokens":27}""")]
    [InlineData("usage=duration seconds=7.1", """{"type":"duration","seconds":8}""")]
    [InlineData("usage=zero seconds=7.1", """{"type":"duration","seconds":0}""")]
    [InlineData("usage=none seconds=7.1", null)]
    public async Task Transcription_UsageScripted_IsReported(string settings, string? usage)
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync("/audio/transcriptions", Form(("prompt", $"/script {settings} hello world")));

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        ((string?)answer["text"]).ShouldBe("hello world");
        answer["usage"]?.ToJsonString().ShouldBe(usage);
    }

    [Fact]
    public async Task Transcription_Streamed_EndsWithItsUsage()
    {
        await using var rig = await LoopbackRig.StartAsync();

        var events = await rig.EventsOfAsync("/audio/transcriptions", Form(("stream", "true"), ("prompt", "/script hello world")));

        var data = events.Select(one => JsonNode.Parse(one.Data)!).ToArray();
        data.Select(one => (string?)one["type"]).ShouldBe(["transcript.text.delta", "transcript.text.delta", "transcript.text.done"]);
        ((string?)data[^1]["text"], (string?)data[^1]["usage"]!["type"]).ShouldBe(("hello world", "duration"));
    }

    [Fact]
    public async Task Transcription_Asked_IsRememberedPartByPart()
    {
        await using var rig = await LoopbackRig.StartAsync();

        using var response = await rig.PostAsync("/audio/transcriptions", Form(("prompt", "x")));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var asked = rig.Upstream.Requests.Single().Transcription!;
        (asked.Model, asked.FileName, asked.FileBytes, asked.Seconds).ShouldBe(("m", "a.raw", 40000, 2.5));
        asked.Fields.ShouldBe(["file", "prompt", "model"]);
    }

    [Fact]
    public async Task Transcription_OfAWav_IsAsLongAsItsHeaderSays()
    {
        await using var rig = await LoopbackRig.StartAsync();
        using var spoken = await rig.PostAsync("/audio/speech", new StringContent($$"""{"model":"m","input":"{{new string('x', 100)}}"}"""));
        using var form = new MultipartFormDataContent { { new StringContent("m"), "model" }, { await File(spoken), "file", "a.wav" } };

        using var response = await rig.PostAsync("/audio/transcriptions", form);

        ((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["text"]).ShouldBe("A recording of 2 seconds.");

        static async Task<ByteArrayContent> File(HttpResponseMessage spoken) => new(await spoken.Content.ReadAsByteArrayAsync());
    }

    /// <summary>40,000 bytes of audio, the fields, then the model: the order in which clients write.</summary>
    private static MultipartFormDataContent Form(params IReadOnlyList<(string Name, string Value)> fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[40000]), "file", "a.raw" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new StringContent("m"), "model");
        return form;
    }
}

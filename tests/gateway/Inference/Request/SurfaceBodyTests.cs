using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>What is read of the requests of completions, responses, moderations and speech.</summary>
public sealed class SurfaceBodyTests
{
    [Theory]
    [InlineData("""{"model":"m","prompt":"a"}""", 1)]
    [InlineData("""{"model":"m","prompt":"a","n":3}""", 3)]
    [InlineData("""{"model":"m","prompt":"a","n":3,"best_of":5}""", 5)]
    [InlineData("""{"model":"m","best_of":2,"prompt":"a","n":3}""", 3)]
    [InlineData("""{"model":"m","prompt":["a","b"],"n":3}""", 6)]
    [InlineData("""{"model":"m","n":2,"prompt":[[1,2],[3,4],[5]]}""", 6)]
    [InlineData("""{"model":"m","prompt":[1,2,3]}""", 1)]
    [InlineData("""{"model":"m","prompt":[]}""", 1)]
    public void Parse_Completions_CountsAllAnswersThatAreMade(string json, long answers) =>
        RequestBodyTests.Accepted(json, Surface.Completions).N.ShouldBe(answers);

    [Fact]
    public void Parse_Completions_ReadsTheFacts()
    {
        var body = RequestBodyTests.Accepted("""{"model":"m","prompt":"a cat","stream":true,"max_tokens":9,"size":7}""", Surface.Completions);

        (body.Stream, body.LacksUsage, body.OutputCeiling, body.HasCeiling, body.Images, body.Characters).ShouldBe((true, true, 9, true, 0, 0));
    }

    [Fact]
    public void Parse_Responses_ReadsTheFacts()
    {
        var body = RequestBodyTests.Accepted(
            """{"model":"m","input":"a","stream":true,"max_output_tokens":9,"n":"x","stream_options":{"include_obfuscation":false}}""", Surface.Responses);

        (body.Stream, body.LacksUsage, body.OutputCeiling, body.HasCeiling, body.N).ShouldBe((true, false, 9, true, 1));
    }

    [Fact]
    public void Parse_ResponsesWithMaxTokens_DoNotTakeItForACeiling() =>
        RequestBodyTests.Accepted("""{"model":"m","input":"a","max_tokens":"x"}""", Surface.Responses).OutputCeiling.ShouldBeNull();

    [Theory]
    [InlineData(""","instructions":"four" """, 9)]
    [InlineData(""","store":true,"background":false,"include":["x"],"truncation":"auto","service_tier":"auto","user":"me","metadata":{"a":"b"}""", 3)]
    [InlineData(""","tools":[{"type":"function","name":"f"}]""", 35)]
    public void Parse_Responses_CountInstructionsAndToolsAsPrompt(string members, long counted) =>
        RequestBodyTests.Accepted($$"""{"model":"m","input":"a"{{members}}}""", Surface.Responses).PromptBytes.ShouldBe(counted);

    [Theory]
    [InlineData(""","previous_response_id":"resp_1" """, true)]
    [InlineData(""","conversation":{"id":"conv_1"}""", true)]
    [InlineData(""","prompt":{"id":"pmpt_1"}""", true)]
    [InlineData(""","previous_response_id":null,"conversation":null""", false)]
    [InlineData("", false)]
    public void Parse_Responses_SeeWhetherThePromptIsLongerThanWhatIsSent(string members, bool reachesBack) =>
        RequestBodyTests.Accepted($$"""{"model":"m","input":"a"{{members}}}""", Surface.Responses).ReachesBack.ShouldBe(reachesBack);

    [Fact]
    public void Parse_ResponsesInTheBackground_AreRefusedByName()
    {
        JsonBody.Parse("""{"model":"m","input":"a","background":true}"""u8.ToArray(), Surface.Responses).Accepted(out _, out var refusal).ShouldBeFalse();

        (refusal!.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, "background"));
    }

    [Fact]
    public void Parse_ResponsesOfAStoredPrompt_NeedNoInput() =>
        RequestBodyTests.Accepted("""{"model":"m","prompt":{"id":"pmpt_1"}}""", Surface.Responses).ReachesBack.ShouldBeTrue();

    [Fact]
    public void Parse_ResponsesWithImages_CountThemAndLeaveTheirBytesOut()
    {
        var body = RequestBodyTests.Accepted(
            $$"""{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"what?"},{"type":"input_image","image_url":"data:image/png;base64,{{new string('A', 5000)}}"},{"type":"input_image","file_id":"file_1"}]}]}""",
            Surface.Responses);

        body.ImageInputs.ShouldBe(2);
        body.PromptBytes.ShouldBeLessThan(300);
    }

    [Theory]
    [InlineData("hello", 5)]
    [InlineData("", 0)]
    [InlineData("Žluťoučký 😀", 11)]
    [InlineData("नमस्ते", 6)]
    [InlineData("\\u017elu\\ud83d\\ude00\\\"\\n", 6)]
    [InlineData("👨‍👩‍👧", 5)]
    public void Parse_Speech_CountsCharactersAsUnicodeScalarValues(string written, long characters) =>
        RequestBodyTests.Accepted($$"""{"model":"m","input":"{{written}}","voice":"alloy"}""", Surface.AudioSpeech).Characters.ShouldBe(characters);

    [Theory]
    [InlineData("", false)]
    [InlineData(""","stream_format":null""", false)]
    [InlineData(""","stream_format":"audio" """, false)]
    [InlineData(""","stream_format":"sse" """, true)]
    public void Parse_Speech_StreamsWhereItIsAskedForEvents(string members, bool stream) =>
        RequestBodyTests.Accepted($$"""{"model":"m","input":"a","stream":"x"{{members}}}""", Surface.AudioSpeech).Stream.ShouldBe(stream);

    [Fact]
    public void Parse_Speech_CountsNeitherVoiceNorFormatAsPrompt() =>
        RequestBodyTests.Accepted("""{"model":"m","input":"four","voice":"alloy","response_format":"mp3","stream_format":"sse"}""", Surface.AudioSpeech)
            .PromptBytes.ShouldBe(6);

    [Theory]
    [InlineData("completions", """{"model":"m"}""", "prompt")]
    [InlineData("completions", """{"model":"m","prompt":null}""", "prompt")]
    [InlineData("completions", """{"model":"m","prompt":{}}""", "prompt")]
    [InlineData("completions", """{"model":"m","prompt":"a","best_of":0}""", "best_of")]
    [InlineData("completions", """{"model":"m","prompt":"a","max_tokens":"x"}""", "max_tokens")]
    [InlineData("completions", """{"model":"m","prompt":"a","prompt":"b"}""", "prompt")]
    [InlineData("responses", """{"model":"m"}""", "input")]
    [InlineData("responses", """{"model":"m","input":5}""", "input")]
    [InlineData("responses", """{"model":"m","input":"a","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData("responses", """{"model":"m","input":"a","previous_response_id":"a","previous_response_id":"b"}""", "previous_response_id")]
    [InlineData("responses", """{"model":"m","input":"a","stream":1}""", "stream")]
    [InlineData("moderations", """{"model":"m"}""", "input")]
    [InlineData("moderations", """{"input":"a"}""", "model")]
    [InlineData("moderations", """{"model":"m","input":false}""", "input")]
    [InlineData("audio/speech", """{"model":"m","voice":"a"}""", "input")]
    [InlineData("audio/speech", """{"model":"m","input":["a"]}""", "input")]
    [InlineData("audio/speech", """{"model":"m","input":"a","stream_format":true}""", "stream_format")]
    [InlineData("audio/speech", """{"model":"m","input":"a","input":"b"}""", "input")]
    public void Parse_MemberThatTheSurfaceNeedsIsWrong_NamesIt(string endpoint, string json, string param)
    {
        var refusal = RequestBodyTests.Refused(json, Surface.At(endpoint));

        (refusal.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, param));
        refusal.Message.ShouldContain($"'{param}'");
    }

    [Theory]
    [InlineData("completions", """{"model":"m","prompt":"a"}""", """{"model":"u","prompt":"a","max_tokens":512}""")]
    [InlineData("completions", """{"model":"m","prompt":"a","max_tokens":null}""", """{"model":"u","prompt":"a","max_tokens":512}""")]
    [InlineData("completions", """{"model":"m","prompt":"a","max_tokens":7,"stream":true}""", """{"model":"u","prompt":"a","max_tokens":7,"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("completions", """{"model":"m","prompt":"a","max_completion_tokens":7}""", """{"model":"u","prompt":"a","max_completion_tokens":7,"max_tokens":7}""")]
    [InlineData("responses", """{"model":"m","input":"a","stream":true}""", """{"model":"u","input":"a","stream":true,"max_output_tokens":512}""")]
    [InlineData("responses", """{"max_output_tokens":null,"model":"m","input":"a"}""", """{"max_output_tokens":512,"model":"u","input":"a"}""")]
    [InlineData("responses", """{"model":"m","input":"a","max_output_tokens":7,"store":false}""", """{"model":"u","input":"a","max_output_tokens":7,"store":false}""")]
    [InlineData("moderations", """{"model":"m","input":"a"}""", """{"model":"u","input":"a"}""")]
    [InlineData("audio/speech", """{"model":"m","input":"a","stream_format":"sse"}""", """{"model":"u","input":"a","stream_format":"sse"}""")]
    public void Rewrite_WithACeiling_SetsItInTheMemberThatUpstreamsOfTheSurfaceObey(string endpoint, string json, string sent) =>
        RequestBodyTests.Text(RequestBodyTests.Accepted(json, Surface.At(endpoint)).Rewrite("u", injectUsage: true, outputCeiling: 512)).ShouldBe(sent);

    [Fact]
    public void At_EachPath_IsItsSurface() =>
        Surface.All.ShouldAllBe(surface => Surface.At(surface.Path.ToUpperInvariant()) == surface);

    [Fact]
    public void Ceiling_OfEachSurface_IsAMemberThatItsUpstreamsObey() =>
        Surface.All.Where(surface => surface.Ceiling is not null)
            .ShouldAllBe(surface => (surface.Obeyed & surface.Ceiling!.Value) != 0 && (surface.Members & surface.Obeyed) == surface.Obeyed);
}

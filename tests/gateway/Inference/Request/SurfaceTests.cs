using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class SurfaceTests
{
    [Fact]
    public void Parse_Embeddings_ReadsTheFacts()
    {
        var body = RequestBodyTests.Accepted(
            """{"model":"demo/embed:free","input":["one","two"],"encoding_format":"base64","n":"x","stream":7,"size":1,"max_tokens":"y"}""", Surface.Embeddings);

        (body.Surface, body.Model, body.Stream, body.LacksUsage).ShouldBe((Surface.Embeddings, "demo/embed:free", false, false));
        (body.N, body.OutputCeiling, body.Images, body.ImageInputs, body.ImageSize).ShouldBe((1, null, 0, 0, null));
    }

    [Fact]
    public void Parse_Images_ReadsTheFacts()
    {
        var body = RequestBodyTests.Accepted(
            """{"model":"m","prompt":"a cat","n":3,"size":"512x512","stream":true,"max_tokens":"y"}""", Surface.ImageGenerations);

        (body.Surface, body.Images, body.N, body.ImageSize, body.Stream, body.LacksUsage, body.OutputCeiling)
            .ShouldBe((Surface.ImageGenerations, 3, 3, "512x512", true, false, null));
    }

    [Fact]
    public void Parse_ImagesWithNothingSaid_TakesTheDefaults()
    {
        var body = RequestBodyTests.Accepted("""{"model":"m","prompt":"a cat","n":null,"size":null}""", Surface.ImageGenerations);

        (body.Images, body.ImageSize, body.Stream).ShouldBe((1, null, false));
    }

    [Fact]
    public void Parse_ChatThatAsksForSeveralAnswers_MakesNoImages() =>
        RequestBodyTests.Accepted("""{"model":"m","messages":[],"n":3,"size":7}""").Images.ShouldBe(0);

    [Theory]
    [InlineData("embeddings", """{"model":"m"}""", "input")]
    [InlineData("embeddings", """{"model":"m","messages":[]}""", "input")]
    [InlineData("embeddings", """{"model":"m","input":null}""", "input")]
    [InlineData("embeddings", """{"model":"m","input":5}""", "input")]
    [InlineData("embeddings", """{"model":"m","input":{}}""", "input")]
    [InlineData("embeddings", """{"model":"m","input":"a","inp\u0075t":"b"}""", "input")]
    [InlineData("embeddings", """{"input":"a"}""", "model")]
    [InlineData("embeddings", """{"model":"m","input":"a","model":"m"}""", "model")]
    [InlineData("images/generations", """{"model":"m"}""", "prompt")]
    [InlineData("images/generations", """{"model":"m","prompt":["a"]}""", "prompt")]
    [InlineData("images/generations", """{"model":"m","prompt":null}""", "prompt")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","prompt":"b"}""", "prompt")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","n":0}""", "n")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","n":129}""", "n")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","n":"2"}""", "n")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","n":1,"n":2}""", "n")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","size":512}""", "size")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","size":{}}""", "size")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","size":"a","size":"b"}""", "size")]
    [InlineData("images/generations", """{"model":"m","prompt":"a","stream":"yes"}""", "stream")]
    public void Parse_MemberThatTheSurfaceNeedsIsWrong_NamesIt(string endpoint, string json, string param)
    {
        var refusal = RequestBodyTests.Refused(json, Surface.At(endpoint));

        (refusal.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, param));
        refusal.Message.ShouldContain($"'{param}'");
    }

    [Theory]
    [InlineData("embeddings", """{"model":"m","input":"a"}""", """{"model":"u","input":"a"}""")]
    [InlineData("images/generations", """{"prompt":"a","stream":true,"model":"m"}""", """{"prompt":"a","stream":true,"model":"u"}""")]
    public void Rewrite_NoChat_ChangesTheModelOnly(string endpoint, string json, string sent) =>
        RequestBodyTests.Text(RequestBodyTests.Accepted(json, Surface.At(endpoint)).Rewrite("u", injectUsage: true, outputCeiling: 5)).ShouldBe(sent);

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", """{"model":"m","messages":[],"max_tokens":512}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true}""", """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true},"max_tokens":512}""")]
    [InlineData("""{"max_tokens":null,"model":"m","messages":[]}""", """{"max_tokens":512,"model":"m","messages":[]}""")]
    [InlineData("""{"max_completion_tokens":null,"model":"m","messages":[]}""", """{"max_completion_tokens":512,"model":"m","messages":[]}""")]
    [InlineData("""{"max_completion_tokens":9,"max_tokens":null,"model":"m","messages":[]}""", """{"max_completion_tokens":9,"max_tokens":null,"model":"m","messages":[]}""")]
    [InlineData("""{"max_tokens":600,"model":"m","messages":[]}""", """{"max_tokens":600,"model":"m","messages":[]}""")]
    [InlineData("""{"model":"m","messages":[],"max_output_tokens":7}""", """{"model":"m","messages":[],"max_output_tokens":7,"max_tokens":7}""")]
    [InlineData("""{"model":"m","messages":[],"max_output_tokens":700}""", """{"model":"m","messages":[],"max_output_tokens":700,"max_tokens":512}""")]
    public void Rewrite_OutputIsCapped_SetsACeilingWhereTheCallerSetNoneThatUpstreamsObey(string json, string sent) =>
        RequestBodyTests.Text(RequestBodyTests.Accepted(json).Rewrite("m", injectUsage: true, outputCeiling: 512)).ShouldBe(sent);
}

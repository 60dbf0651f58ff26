using System.Text.Json;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class PromptBytesTests
{
    private static readonly string Picture = "data:image/png;base64," + new string('A', 10_000);

    [Fact]
    public void PromptBytes_Messages_CountAsTheyAreWritten() =>
        Bytes("""[ {"role":"user","content":"h\u00e9llo"} ]""").ShouldBe(42);

    [Theory]
    [InlineData(""" "temperature":0.123456789,"stream":true,"n":2,"max_tokens":100,"seed":null """, 0)]
    [InlineData(""" "user":"someone","metadata":{"a":"bcd"},"logit_bias":{"50256":-100},"prompt_cache_key":"k","safety_identifier":"s" """, 0)]
    [InlineData(""" "stream_options":{"include_usage":true,"more":"than that"} """, 0)]
    [InlineData(""" "tools":[{"type":"function"}] """, 21)]
    [InlineData(""" "response_format":{"type":"json"} """, 15)]
    [InlineData(""" "prompt":"hidden" """, 8)]
    [InlineData(""" "unheard_of":["text"] """, 8)]
    public void PromptBytes_OtherMembers_CountWhereTheyMayReachTheModel(string members, long counted) =>
        RequestBodyTests.Accepted($$"""{"model":"m","messages":[],{{members}}}""").PromptBytes.ShouldBe(2 + counted);

    [Theory]
    [InlineData("embeddings", """{"model":"m","input":"four"}""", 6)]
    [InlineData("embeddings", """{"model":"m","input":["a",[1,2]],"dimensions":5,"user":"me"}""", 11)]
    [InlineData("embeddings", """{"model":"m","input":"four","model_kwargs":"x"}""", 9)]
    [InlineData("images/generations", """{"model":"m","prompt":"a cat","n":2,"size":"512x512"}""", 7)]
    public void PromptBytes_OtherSurfaces_CountTheirOwnMember(string endpoint, string json, long counted) =>
        RequestBodyTests.Accepted(json, Surface.At(endpoint)).PromptBytes.ShouldBe(counted);

    public static TheoryData<string, int, bool> Parts => new()
    {
        { """{"type":"image_url","image_url":{"url":"@"}}""", 1, true },
        { """{"image_url":{"detail":"low","url":"@"},"type":"image_url"}""", 1, true },
        { """{"type":"input_image","image_url":"@"}""", 1, true },
        { """{"typ\u0065":"input\u005fimage","image_url":"@"}""", 1, true },
        { """{"image_url":{"url":"@"}}""", 1, true },
        { """{"type":"text","image_url":{"url":"@"}}""", 1, true },
        { """{"type":"image_url"}""", 1, true },
        { """{"type":"tool_result","content":[{"type":"image_url","image_url":{"url":"@"}},{"type":"image_url","image_url":{"url":"@"}}]}""", 2, true },
        { """{"type":"image","source":{"type":"base64","data":"@"}}""", 1, true },
        { """{"source":{"media_type":"image/png","data":"@"},"type":"image"}""", 1, true },
        { """{"type":"tool_result","content":[{"type":"image","source":{"type":"base64","data":"@"}}]}""", 1, true },
        { """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"@"}}""", 0, false },
        { """{"type":"image","data":"@"}""", 1, false },
        { """{"type":"text","text":"@"}""", 0, false },
        { """{"type":"text","url":"@"}""", 0, false },
        { """{"type":"text","text":{"url":"@"}}""", 0, false },
        { """{"type":"text","text":"image_url"}""", 0, false },
        { """{"type":"input_audio","input_audio":{"data":"@"}}""", 0, false },
        { """{"image_url":null,"type":"text"}""", 0, false },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void ImageInputs_PartOfAMessage_IsCountedAndADataUrlIsNoText(string part, int images, bool leftOut)
    {
        var empty = Message(part.Replace("@", "", StringComparison.Ordinal));
        var body = Parse(Message(part.Replace("@", Picture, StringComparison.Ordinal)));

        body.ImageInputs.ShouldBe(images);
        (body.PromptBytes - Parse(empty).PromptBytes).ShouldBe(leftOut ? 0 : part.Count(c => c is '@') * Picture.Length);
    }

    [Fact]
    public void ImageInputs_ImageOfAnAddress_IsCountedAndItsAddressIsText()
    {
        var body = Parse(Message("""{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}"""));

        body.ImageInputs.ShouldBe(1);
        body.PromptBytes.ShouldBe(Message("""{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}""").Length);
    }

    [Fact]
    public void ImageInputs_SchemaOfATool_IsNoImage() =>
        RequestBodyTests.Accepted("""{"model":"m","messages":[],"tools":[{"type":"image_url","image_url":{"type":"image"}}]}""").ImageInputs.ShouldBe(0);

    [Fact]
    public void PromptBytes_AnyTextAndImages_AreThoseOfTheTextAndTheImagesAreCounted() =>
        Prop.ForAll(
            Gen.Elements("a", "data:", "\"", "{", "image_url", "é", "😀", "\\").ListOf().Select(string.Concat).ListOf().ToArbitrary(),
            Gen.Choose(0, 5).ToArbitrary(),
            (texts, images) =>
            {
                var parts = texts.Select(text => $$"""{"type":"text","text":{{JsonSerializer.Serialize(text)}}}""").ToList();
                var shown = Enumerable.Range(0, images).Select(size => """{"type":"image_url","image_url":{"url":"data:@"}}""".Replace("@", new string('A', size), StringComparison.Ordinal));
                var without = Parse(Message([.. parts, .. shown.Select(_ => """{"type":"image_url","image_url":{"url":""}}""")]));

                var body = Parse(Message([.. parts, .. shown]));

                body.ImageInputs.ShouldBe(images);
                body.PromptBytes.ShouldBe(without.PromptBytes);
            }).QuickCheckThrowOnFailure();

    private static Gateway.Inference.Request.JsonBody Parse(string messages) =>
        RequestBodyTests.Accepted($$"""{"model":"m","messages":{{messages}}}""");

    private static long Bytes(string messages) => Parse(messages).PromptBytes;

    private static string Message(params string[] parts) => $$"""[{"role":"user","content":[{{string.Join(',', parts)}}]}]""";
}

using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Request;

public sealed class RequestBodyTests
{
    [Fact]
    public void Parse_PlainRequest_ReadsTheFacts()
    {
        var body = Accepted("""{"model":"demo/echo:free","messages":[],"stream":true,"n":3,"max_tokens":5}""");

        body.Model.ShouldBe("demo/echo:free");
        body.Stream.ShouldBeTrue();
        body.N.ShouldBe(3);
        body.OutputCeiling.ShouldBe(5);
        body.UsageRequested.ShouldBeFalse();
        body.LacksUsage.ShouldBeTrue();
        body.Bytes.ShouldBe(75);
    }

    [Fact]
    public void Parse_NothingSaid_TakesTheDefaults()
    {
        var body = Accepted("""{"messages":[],"model":"m"}""");

        (body.Stream, body.UsageRequested, body.LacksUsage, body.OutputCeiling, body.N).ShouldBe((false, false, false, null, 1));
    }

    [Theory]
    [InlineData("\"demo\\/echo\"", "demo/echo")]
    [InlineData("\"\\u0064emo/\\u00e9\"", "demo/é")]
    [InlineData("\"\\ud83d\\ude00\"", "😀")]
    [InlineData("\"日本/モデル\"", "日本/モデル")]
    public void Parse_EscapedModel_IsReadAsItsText(string written, string model) =>
        Accepted($$"""{"model":{{written}},"messages":[]}""").Model.ShouldBe(model);

    [Fact]
    public void Parse_EscapedMemberName_IsTheSameMember() =>
        Accepted("""{"m\u006fdel":"m","messages":[],"str\u0065am":true}""").Stream.ShouldBeTrue();

    [Fact]
    public void Parse_SeveralCeilings_TakesTheLargest() =>
        Accepted("""{"model":"m","messages":[],"max_tokens":1,"max_completion_tokens":10000,"max_output_tokens":7}""")
            .OutputCeiling.ShouldBe(10000);

    [Fact]
    public void Parse_NullWhereAMemberMayBeLeftOut_IsTakenAsLeftOut()
    {
        var body = Accepted("""{"model":"m","messages":[],"stream":null,"n":null,"max_tokens":null,"stream_options":null}""");

        (body.Stream, body.OutputCeiling, body.N, body.UsageRequested).ShouldBe((false, null, 1, false));
    }

    [Fact]
    public void Parse_SameNameDeeperDown_IsNotLookedAt() =>
        Accepted("""{"messages":[{"model":1,"stream":"x","model":2}],"metadata":{"model":"other","n":"x"},"model":"m"}""").Model.ShouldBe("m");

    [Fact]
    public void Parse_ByteOrderMark_IsLeftOff()
    {
        var body = Accepted("\uFEFF{\"model\":\"m\",\"messages\":[]}");

        body.Bytes.ShouldBe(27);
        Text(body.Rewrite("u", false)).ShouldBe("{\"model\":\"u\",\"messages\":[]}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("{\"model\":\"m\",\"messages\":[]")]
    [InlineData("{\"model\":\"m\",\"messages\":[tru")]
    [InlineData("{\"model\":\"m")]
    [InlineData("[]")]
    [InlineData("\"model\"")]
    [InlineData("null")]
    [InlineData("{\"model\":\"m\",\"messages\":[]}}")]
    [InlineData("{\"model\":\"m\",\"messages\":[]} x")]
    [InlineData("{\"model\":\"m\",\"messages\":[]}{}")]
    [InlineData("{\"model\":\"m\",\"messages\":[],}")]
    [InlineData("{\"model\":\"m\",/* c */\"messages\":[]}")]
    [InlineData("{'model':'m','messages':[]}")]
    [InlineData("{\"model\":\"m\",\"messages\":[NaN]}")]
    [InlineData("{\"model\":\"m\",\"messages\":[\"\\x\"]}")]
    [InlineData("{\"model\":\"\\ud83d\",\"messages\":[]}")]
    public void Parse_NotOneJsonObject_IsInvalidJson(string json) =>
        Refused(json).Code.ShouldBe(RefusalCode.InvalidJson);

    [Fact]
    public void Parse_EveryCutOfABody_IsInvalidJson()
    {
        var whole = """{"model":"m","messages":[{"role":"user","content":"žluťoučký 😀"}],"n":12}"""u8.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            JsonBody.Parse(whole.AsMemory(0, length), Surface.ChatCompletions).Accepted(out _, out var refusal).ShouldBeFalse();
            refusal!.Code.ShouldBe(RefusalCode.InvalidJson);
        }
    }

    [Fact]
    public void Parse_HalfACharacter_IsInvalidJson()
    {
        byte[] json = [.. "{\"model\":\"m\",\"messages\":[\""u8, 0xC5, .. "\"]}"u8];

        JsonBody.Parse(json, Surface.ChatCompletions).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(RefusalCode.InvalidJson);
        refusal.Message.ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(5000, false)]
    public void Parse_DeepNesting_IsRefusedBeyond64Levels(int arrays, bool accepted)
    {
        var json = $$"""{"model":"m","messages":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";

        JsonBody.Parse(Encoding.UTF8.GetBytes(json), Surface.ChatCompletions).Accepted(out _, out var refusal).ShouldBe(accepted);
        if (!accepted)
        {
            refusal!.Code.ShouldBe(RefusalCode.InvalidJson);
            refusal.Message.ShouldContain("64 levels");
        }
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "model")]
    [InlineData("""{"model":null,"messages":[]}""", "model")]
    [InlineData("""{"model":7,"messages":[]}""", "model")]
    [InlineData("""{"model":{"a":1},"messages":[]}""", "model")]
    [InlineData("""{"model":"","messages":[]}""", "model")]
    [InlineData("""{"model":" ","messages":[]}""", "model")]
    [InlineData("""{"model":"a","messages":[],"model":"b"}""", "model")]
    [InlineData("""{"model":"a","messages":[],"m\u006fdel":"b"}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":null}""", "messages")]
    [InlineData("""{"model":"m","messages":"hello"}""", "messages")]
    [InlineData("""{"model":"m","messages":[],"messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":[],"stream":"true"}""", "stream")]
    [InlineData("""{"model":"m","messages":[],"stream":1}""", "stream")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream":false}""", "stream")]
    [InlineData("""{"model":"m","messages":[],"stream_options":true}""", "stream_options")]
    [InlineData("""{"model":"m","messages":[],"stream_options":[]}""", "stream_options")]
    [InlineData("""{"model":"m","messages":[],"stream_options":{},"stream_options":{}}""", "stream_options")]
    [InlineData("""{"model":"m","messages":[],"stream_options":{"include_usage":"yes"}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","messages":[],"stream_options":{"include_usage":{}}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","messages":[],"stream_options":{"include_usage":true,"include_usage":false}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":"5"}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":-1}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":1.5}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":1e999}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_completion_tokens":99999999999999999999}""", "max_completion_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_output_tokens":[]}""", "max_output_tokens")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":1,"max_tokens":2}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"n":0}""", "n")]
    [InlineData("""{"model":"m","messages":[],"n":129}""", "n")]
    [InlineData("""{"model":"m","messages":[],"n":true}""", "n")]
    public void Parse_MemberThatWeActOnIsWrong_NamesIt(string json, string param)
    {
        var refusal = Refused(json);

        refusal.Code.ShouldBe(RefusalCode.InvalidRequest);
        refusal.Param.ShouldBe(param);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[],"stream":true}""", """{"model":"u","messages":[],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{},"stream":true,"model":"m","messages":[]}""", """{"stream_options":{"include_usage":true},"stream":true,"model":"u","messages":[]}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":null,"messages":[]}""", """{"model":"u","stream":true,"stream_options":{"include_usage":true},"messages":[]}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{ "x": 1 },"messages":[]}""", """{"model":"u","stream":true,"stream_options":{"include_usage":true, "x": 1 },"messages":[]}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"x":1, "include_usage" : false},"messages":[]}""", """{"model":"u","stream":true,"stream_options":{"x":1, "include_usage" : true},"messages":[]}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":null},"messages":[]}""", """{"model":"u","stream":true,"stream_options":{"include_usage":true},"messages":[]}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[]}""", """{"model":"u","stream":true,"stream_options":{"include_usage":true},"messages":[]}""")]
    [InlineData("""{"model":"m","stream":false,"messages":[]}""", """{"model":"u","stream":false,"messages":[]}""")]
    public void Rewrite_UsageToInject_AddsItWhereTheCallerStreamsWithout(string json, string sent) =>
        Text(Accepted(json).Rewrite("u", injectUsage: true)).ShouldBe(sent);

    [Fact]
    public void Rewrite_UsageNotToInject_ChangesTheModelOnly() =>
        Text(Accepted(""" { "stream" : true , "model" : "m" , "messages" : [ 1.50e+3 ] } """).Rewrite("""a"b\ü""", injectUsage: false))
            .ShouldBe(""" { "stream" : true , "model" : "a\"b\\ü" , "messages" : [ 1.50e+3 ] } """);

    [Fact]
    public void Rewrite_ModelStaysTheSame_LeavesItsEscapes() =>
        Text(Accepted("""{"model":"demo\/echo","messages":[]}""").Rewrite("demo/echo", injectUsage: false))
            .ShouldBe("""{"model":"demo\/echo","messages":[]}""");

    internal static JsonBody Accepted(string json, Surface? surface = null)
    {
        JsonBody.Parse(Encoding.UTF8.GetBytes(json), surface ?? Surface.ChatCompletions).Accepted(out var body, out var refusal).ShouldBeTrue(refusal?.Message);
        return body!;
    }

    internal static string Text(IEnumerable<ReadOnlyMemory<byte>> pieces) =>
        Encoding.UTF8.GetString([.. pieces.SelectMany(piece => piece.ToArray())]);

    internal static Refusal Refused(string json, Surface? surface = null)
    {
        JsonBody.Parse(Encoding.UTF8.GetBytes(json), surface ?? Surface.ChatCompletions).Accepted(out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }
}

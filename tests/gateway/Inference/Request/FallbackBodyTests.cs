using System.Text.Json.Nodes;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>The list of other models and the tier of <c>:flex</c>: read, and cut from the bytes or put into them.</summary>
public sealed class FallbackBodyTests
{
    [Theory]
    [InlineData("""{"model":"m","models":["a","b"],"messages":[]}""", """{"model":"u","messages":[]}""")]
    [InlineData("""{"models":["a","b"],"model":"m","messages":[]}""", """{"model":"u","messages":[]}""")]
    [InlineData("""{"model":"m","messages":[],"models":["a","b"]}""", """{"model":"u","messages":[]}""")]
    [InlineData("""{ "models" : ["a", "b"] , "model":"m" , "messages":[] }""", """{ "model":"u" , "messages":[] }""")]
    [InlineData("""{ "model":"m" , "models" : ["a", "b"] , "messages":[] }""", """{ "model":"u" , "messages":[] }""")]
    [InlineData("""{"model":"m","models":null,"messages":[]}""", """{"model":"u","messages":[]}""")]
    [InlineData("""{"models":null,"model":"m","messages":[]}""", """{"model":"u","messages":[]}""")]
    [InlineData("""{"models":["a","b"],"messages":[]}""", """{"model":"u","messages":[]}""")]
    [InlineData("""{"messages":[],"models":["a","b"]}""", """{"messages":[],"model":"u"}""")]
    [InlineData("""{"messages":[],"mod\u0065ls":["a","b"],"x":1}""", """{"messages":[],"model":"u","x":1}""")]
    public void Rewrite_AListOfModels_IsGoneAndNothingElse(string json, string sent) =>
        RequestBodyTests.Text(RequestBodyTests.Accepted(json).Rewrite("u", injectUsage: false)).ShouldBe(sent);

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", """{"model":"u","messages":[],"service_tier":"flex"}""")]
    [InlineData("""{"model":"m","service_tier":"auto","messages":[]}""", """{"model":"u","service_tier":"flex","messages":[]}""")]
    [InlineData("""{"service_tier" : null , "model":"m","messages":[]}""", """{"service_tier" : "flex" , "model":"u","messages":[]}""")]
    [InlineData("""{"model":"m","messages":[],"service_tier":{"a":[1]}}""", """{"model":"u","messages":[],"service_tier":"flex"}""")]
    public void Rewrite_Flex_SendsTheTierAndNothingElse(string json, string sent) =>
        RequestBodyTests.Text(RequestBodyTests.Accepted(json).Rewrite("u", injectUsage: false, flex: true)).ShouldBe(sent);

    [Theory]
    [InlineData("""{"models":["a"],"stream":true,"messages":[],"stream_options":null}""")]
    [InlineData("""{"stream":true,"stream_options":{},"models":["a"],"messages":[],"max_tokens":null}""")]
    [InlineData("""{"stream":true,"messages":[],"max_tokens":null,"models":["a"],"model":"m"}""")]
    [InlineData("""{"service_tier":"x","models":["a"],"messages":[],"stream":true}""")]
    [InlineData("""{"messages":[],"stream":true,"service_tier":null,"models":["a"]}""")]
    public void Rewrite_Everything_IsStillOneRequest(string json)
    {
        var sent = JsonNode.Parse(RequestBodyTests.Text(RequestBodyTests.Accepted(json).Rewrite("u", injectUsage: true, outputCeiling: 5, flex: true)))!.AsObject();

        sent.Select(member => member.Key).ShouldBe(["messages", "stream", "model", "stream_options", "max_tokens", "service_tier"], ignoreOrder: true);
        sent.ToJsonString().ShouldNotContain("null");
        ((string)sent["model"]!, (string)sent["service_tier"]!, (int)sent["max_tokens"]!).ShouldBe(("u", "flex", 5));
    }

    [Fact]
    public void Rewrite_ServiceTierOfTheCaller_PassesThroughWhereItIsNoFlex()
    {
        const string Json = """{"model":"m","service_tier":"priority","messages":[]}""";

        RequestBodyTests.Text(RequestBodyTests.Accepted(Json).Rewrite("m", injectUsage: false)).ShouldBe(Json);
    }

    [Theory]
    [InlineData("""{"model":"m:free","models":["a","b:free","a"],"messages":[]}""", "m:free a b:free")]
    [InlineData("""{"models":["a","b:free"],"messages":[]}""", "a b:free")]
    [InlineData("""{"model":"b","models":["a","b"],"messages":[]}""", "b a")]
    [InlineData("""{"model":"b","messages":[]}""", "b")]
    public void Slugs_OfModelAndModels_AreInTheirOrderEachOnce(string json, string slugs)
    {
        ParseStage.SlugsOf(RequestBodyTests.Accepted(json)).Accepted(out var read, out _).ShouldBeTrue();

        string.Join(' ', read!).ShouldBe(slugs);
    }

    [Theory]
    [InlineData("""{"model":"m","models":[],"messages":[]}""")]
    [InlineData("""{"model":"m","models":"a","messages":[]}""")]
    [InlineData("""{"model":"m","models":[1],"messages":[]}""")]
    [InlineData("""{"model":"m","models":[["a"]],"messages":[]}""")]
    [InlineData("""{"model":"m","models":["1","2","3","4","5","6","7","8","9","10","11"],"messages":[]}""")]
    [InlineData("""{"model":"m","models":["a"],"models":["b"],"messages":[]}""")]
    public void Parse_AListThatIsNone_NamesIt(string json)
    {
        JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(json), Surface.ChatCompletions).Accepted(out _, out var refusal).ShouldBeFalse();

        (refusal!.Code, refusal.Param).ShouldBe((RefusalCode.InvalidRequest, "models"));
    }

    [Theory]
    [InlineData("""{"model":"m","models":["a:free:flex"],"messages":[]}""", "models")]
    [InlineData("""{"models":["a:free:flex"],"messages":[]}""", "models")]
    [InlineData("""{"model":"m","models":[""],"messages":[]}""", "models")]
    [InlineData("""{"model":"a:free:flex","models":["b"],"messages":[]}""", "model")]
    public void Slugs_OneIsWrong_NamesWhereItStands(string json, string param)
    {
        ParseStage.SlugsOf(RequestBodyTests.Accepted(json)).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Param.ShouldBe(param);
    }

    [Fact]
    public void Parse_NeitherModelNorModels_MissesTheModel()
    {
        JsonBody.Parse("""{"models":null,"messages":[]}"""u8.ToArray(), Surface.ChatCompletions).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Param.ShouldBe("model");
    }
}

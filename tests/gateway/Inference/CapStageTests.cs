using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Inference;

public sealed class CapStageTests
{
    private static readonly Model Model = new("acme/model", "Model", 32768, Price.Zero, null, false, [new ModelRoute("loopback", "echo")]) { ImageTokens = 300 };

    [Theory]
    [InlineData(""","max_tokens":512""", null)]
    [InlineData(""","max_tokens":513""", "max_tokens")]
    [InlineData(""","max_tokens":1,"max_completion_tokens":10000""", "max_tokens")]
    [InlineData("", null)]
    public void Check_OutputTokens_GoByTheLargestOfAllCeilings(string members, string? param) =>
        (CapStage.Check(new Caps { OutputTokens = 512 }, Chat(members), Model, 10)?.Param).ShouldBe(param);

    [Theory]
    [InlineData(""","max_tokens":100""", 900, null)]
    [InlineData(""","max_tokens":101""", 900, RefusalCode.ContextLengthExceeded)]
    [InlineData("", 999, null)]
    [InlineData("", 1000, RefusalCode.ContextLengthExceeded)]
    public void Check_ContextTokens_CountPromptAndAnswer(string members, long prompt, RefusalCode? code) =>
        (CapStage.Check(new Caps { ContextTokens = 1000 }, Chat(members), Model, prompt)?.Code).ShouldBe(code);

    [Fact]
    public void Check_ImageInMessages_IsRefusedWhereTheyAreNotAllowed()
    {
        var body = Parse("""{"model":"a","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}""", Surface.ChatCompletions);

        CapStage.Check(new Caps { ImageInput = false }, body, Model, 10)!.Code.ShouldBe(RefusalCode.CapExceeded);
        CapStage.Check(Caps.None, body, Model, 10).ShouldBeNull();
    }

    [Theory]
    [InlineData(""","n":1,"size":"512x512" """, null)]
    [InlineData(""","n":2,"size":"512x512" """, "n")]
    [InlineData(""","size":"1024x1024" """, "size")]
    [InlineData(""","size":"256x256" """, null)]
    [InlineData("", null)]
    public void Check_Images_GoByNumberAndSize(string members, string? param) =>
        (CapStage.Check(new Caps { Images = 1, ImageSizes = ["512x512"] }, Image(members), Model, 10)?.Param).ShouldBe(param);

    [Theory]
    [InlineData(300, true)]
    [InlineData(299, false)]
    public void Check_WhatAnImageCosts_IsHeldAgainstTheCap(long most, bool passes) =>
        (CapStage.Check(new Caps { ImageTokens = most }, Image(""), Model, 10) is null).ShouldBe(passes);

    private static JsonBody Chat(string members) => Parse($$"""{"model":"a","messages":[]{{members}}}""", Surface.ChatCompletions);

    private static JsonBody Image(string members) => Parse($$"""{"model":"a","prompt":"a cat"{{members}}}""", Surface.ImageGenerations);

    private static JsonBody Parse(string json, Surface surface)
    {
        JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(json), surface).Accepted(out var body, out var refusal).ShouldBeTrue(refusal?.Message);
        return body!;
    }
}

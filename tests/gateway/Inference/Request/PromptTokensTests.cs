using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Request;

/// <summary>What of a request is counted as prompt tokens, by a tokenizer that takes every character for one.</summary>
public sealed class PromptTokensTests
{
    private const string Words = "one two three four five six seven eight nine ten ";

    private readonly CharacterTokenizer _tokenizer = new();

    [Theory]
    [InlineData("\"hi\"", 2 + 1)]
    [InlineData("[]", 1)]
    [InlineData("[{\"role\":\"user\",\"content\":\"hi\"}]", 1 + 1 + (4 + 1) + (4 + 1) + (7 + 1) + (2 + 1))]
    [InlineData("\"a\\nb\"", 3 + 1)] // an escape is what it stands for
    [InlineData("\"\\u4f60\\u597d\"", 2 + 1)]
    [InlineData("\"你好\"", 2 + 1)]
    [InlineData("\"\\ud83d\"", 1 + 1)] // half a pair is no error of ours
    public void Count_OfContent_IsItsNamesAndTextsAndTheirPunctuation(string input, long tokens) =>
        Count($$"""{"model":"m","input":{{input}}}""", Surface.Responses).ShouldBe(tokens);

    [Fact]
    public void Count_ToolDefinitionsAndToolCalls_AreCounted()
    {
        const string Plain = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
        const string Called = """
            {"model":"m","messages":[{"role":"user","content":"hi"},
              {"role":"assistant","tool_calls":[{"function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]}]}
            """;
        const string Defined = """
            {"model":"m","messages":[{"role":"user","content":"hi"}],
             "tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather of a city."}}]}
            """;

        Count(Called).ShouldBeGreaterThan(Count(Plain) + "weather".Length + "{\"city\":\"Oslo\"}".Length);
        Count(Defined).ShouldBeGreaterThan(Count(Plain) + "weather".Length + "Tells the weather of a city.".Length);
    }

    [Fact]
    public void Count_PictureInTheRequest_IsNoText()
    {
        string Body(string picture) => JsonSerializer.Serialize(new
        {
            model = "m",
            messages = new[] { new { role = "user", content = new[] { new { type = "image_url", image_url = new { url = picture } } } } },
        });

        var small = Count(Body("data:image/png;base64,AAAA"));

        Count(Body("data:image/png;base64," + new string('A', 40_000))).ShouldBe(small);
    }

    [Fact]
    public void Count_WhatReachesNoModel_IsNotCounted() =>
        Count("""{"model":"m","messages":[],"user":"somebody with a long name","temperature":0.25,"metadata":{"a":"b"}}""")
            .ShouldBe(1);

    [Fact]
    public void Count_LongPrompt_CountsABoundedPartAndTakesTheRestToBeAlike()
    {
        var content = string.Concat(Enumerable.Repeat(Words, 40_000));

        var tokens = Count(JsonSerializer.Serialize(new { model = "m", messages = new[] { new { role = "user", content } } }));

        _tokenizer.Counted.ShouldBeLessThanOrEqualTo(PromptTokenCounter.MostCounted + PromptTokenCounter.PieceLength);
        _tokenizer.Longest.ShouldBeLessThanOrEqualTo(PromptTokenCounter.PieceLength);
        ((double)tokens).ShouldBe(content.Length, content.Length * 0.001);
    }

    [Fact]
    public void Count_DenseEndOfALongPrompt_IsNotOverlooked()
    {
        var content = string.Concat(Enumerable.Repeat(Words, 4000)) + new string('字', 200_000);

        var tokens = Count(JsonSerializer.Serialize(new { model = "m", messages = new[] { new { role = "user", content } } }));

        ((double)tokens).ShouldBe(content.Length, content.Length * 0.2);
    }

    [Fact]
    public void CountPrompt_AskedTwice_CountsOnce()
    {
        var body = Parse("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", Surface.ChatCompletions);

        var first = body.CountPrompt(_tokenizer);
        var counted = _tokenizer.Counted;

        body.CountPrompt(_tokenizer).ShouldBe(first);
        _tokenizer.Counted.ShouldBe(counted);
    }

    private long Count(string json, Surface? surface = null) =>
        Parse(json, surface ?? Surface.ChatCompletions).CountPrompt(_tokenizer).ShouldNotBeNull();

    private static JsonBody Parse(string json, Surface surface)
    {
        JsonBody.Parse(Encoding.UTF8.GetBytes(json), surface).Accepted(out var body, out var refusal).ShouldBeTrue(refusal?.Message);
        return body!;
    }

    private sealed class CharacterTokenizer : ITokenizer
    {
        public long Counted { get; private set; }

        public int Longest { get; private set; }

        public int Count(ReadOnlySpan<char> text)
        {
            (Counted, Longest) = (Counted + text.Length, Math.Max(Longest, text.Length));
            return text.Length;
        }
    }
}

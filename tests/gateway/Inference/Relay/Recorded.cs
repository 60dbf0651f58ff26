using System.Text;
using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>A stream as OpenAI-compatible upstreams send it, with a bit of everything.</summary>
internal static class Recorded
{
    public const string UsageEvent =
        """
        data: {"id":"chatcmpl-7","object":"chat.completion.chunk","created":1780000000,"model":"echo-1","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16,"prompt_tokens_details":{"cached_tokens":3}}}


        """;

    public const string Last =
        """
        data: {"id":"chatcmpl-7","object":"chat.completion.chunk","created":1780000000,"model":"echo-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}


        """;

    /// <summary>Bytes of text, reasoning, names and arguments in <see cref="Events"/>.</summary>
    public const int TextBytes = 7 + 18 + 11 + 7 + CallBytes;

    /// <summary>The name of the tool that is called, and what a call takes beside.</summary>
    public const int CallBytes = 1 + 24;

    /// <summary>What <see cref="UsageEvent"/> reports.</summary>
    public static readonly TokenUsage Usage = new(11, 5, 16) { Cached = 3 };

    public static readonly string[] Events =
    [
        ": processing\n\n",
        Chunk("""{"role":"assistant","content":""}"""),
        Chunk("""{"reasoning_content":"mmm…\n","reasoning":"mmm…\n"}""").Replace("data: {", "id: 4\nretry: 10\ndata:{", StringComparison.Ordinal),
        Chunk("""{"content":"Žluťoučký 😀"}"""),
        Chunk("""{"content":"\u017elu\ud83d\ude00\\\"\u0041"}"""),
        "data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]}}]}\n\n",
        "data: not json\n\n",
        Last,
        UsageEvent,
        "data: [DONE]\n\n",
    ];

    public static string Whole => string.Concat(Events);

    public static string WithoutUsage => string.Concat(Events.Where(one => one != UsageEvent));

    public static string Chunk(string delta) =>
        $$"""
        data: {"id":"chatcmpl-7","object":"chat.completion.chunk","created":1780000000,"model":"echo-1","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":null}],"usage":null}


        """;

    public static byte[] Bytes(string text, string lineEnd) => Encoding.UTF8.GetBytes(text.Replace("\n", lineEnd, StringComparison.Ordinal));
}

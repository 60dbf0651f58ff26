using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Tests.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Translation;

/// <summary>Streams of chat completions as messages: what comes, in which events, and how they end.</summary>
public sealed class ChatEventsTests
{
    private const string Role = """
        "delta":{"role":"assistant","content":""},"finish_reason":null
        """;

    private static readonly string Everything = ": processing\n\n" + Translating.Chunks(
        Role,
        """ "delta":{"reasoning_content":"mmm…"},"finish_reason":null""",
        """ "delta":{"reasoning_content":" \u017elu\ud83d\ude00"},"finish_reason":null""",
        """ "delta":{"content":"Žluť"},"finish_reason":null""",
        """ "delta":{"content":" \ud83d"},"finish_reason":null""",
        """ "delta":{"content":"\ude00\n"},"finish_reason":null""",
        """ "delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"look_up","arguments":""}}]},"finish_reason":null""",
        """ "delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"where\":"}}]},"finish_reason":null""",
        """ "delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"here\"}"}}]},"finish_reason":null""",
        """ "delta":{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"stop","arguments":"{}"}}]},"finish_reason":null""",
        """ "delta":{},"finish_reason":"tool_calls" """) + Translating.Told;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Stream_CutAtEveryByte_MakesTheSameEvents(string lineEnd)
    {
        var bytes = Encoding.UTF8.GetBytes(Everything.Replace("\n", lineEnd, StringComparison.Ordinal));
        var (whole, expected) = await Translating.StreamAsync([bytes]);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var (result, sent) = await Translating.StreamAsync([bytes[..cut], bytes[cut..]]);
            sent.ShouldBe(expected, $"cut at {cut}");
            (result.Ending, result.Usage, result.CompletionBytes).ShouldBe((RelayEnding.Completed, whole.Usage, whole.CompletionBytes), $"cut at {cut}");
        }

        (await Translating.StreamAsync(bytes.Chunk(1))).Sent.ShouldBe(expected);
    }

    [Fact]
    public async Task Stream_WithABitOfEverything_IsAMessageOfTheSame()
    {
        var (result, sent) = await Translating.StreamAsync(Everything);

        Translating.Types(sent).ShouldBe(
        [
            "message_start",
            "content_block_start", "content_block_delta", "content_block_delta", "content_block_delta", "content_block_stop",
            "content_block_start", "content_block_delta", "content_block_delta", "content_block_delta", "content_block_stop",
            "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop",
            "content_block_start", "content_block_delta", "content_block_stop",
            "message_delta", "message_stop",
        ]);
        JsonSerializer.Serialize(Translating.Message(sent).GetProperty("content"), Plain.Json).ShouldBe(
            """[{"type":"thinking","thinking":"mmm… žlu\uD83D\uDE00","signature":"reasoning_content"},{"type":"text","text":"Žluť \uD83D\uDE00\n"},"""
            + """{"type":"tool_use","id":"call_1","name":"look_up","input":{"where":"here"}},{"type":"tool_use","id":"call_2","name":"stop","input":{}}]""");
        var message = Translating.Message(sent);
        (message.GetProperty("id").GetString(), message.GetProperty("model").GetString(), message.GetProperty("stop_reason").GetString())
            .ShouldBe(("c-1", "m-1", "tool_use"));
        message.GetProperty("usage").GetRawText().ShouldBe(
            """{"input_tokens":15,"cache_creation_input_tokens":0,"cache_read_input_tokens":5,"output_tokens":7}""");
        (result.Usage.Prompt, result.Usage.Completion, result.Usage.Cached, result.FinishReason).ShouldBe((20, 7, 5, "tool_calls"));
    }

    [Theory]
    [InlineData(""" "finish_reason":"stop" """, "end_turn", null)]
    [InlineData(""" "finish_reason":"length" """, "max_tokens", null)]
    [InlineData(""" "finish_reason":"content_filter" """, "refusal", null)]
    [InlineData(""" "finish_reason":"function_call" """, "tool_use", null)]
    [InlineData(""" "finish_reason":"stop","stop_reason":"END" """, "stop_sequence", "END")]
    [InlineData(""" "finish_reason":"stop","matched_stop":"END" """, "stop_sequence", "END")]
    [InlineData(""" "finish_reason":"stop","stop_reason":128009 """, "end_turn", null)]
    [InlineData(""" "finish_reason":"stop","stop_reason":null """, "end_turn", null)]
    [InlineData(""" "finish_reason":"eos" """, "end_turn", null)]
    public async Task FinishReason_OfAnyKind_BecomesItsStopReason(string finish, string reason, string? sequence)
    {
        var (_, sent) = await Translating.StreamAsync(
            Translating.Chunks(""" "delta":{"content":"Hi"},"finish_reason":null """, "\"delta\":{}," + finish) + Translating.Told);

        var message = Translating.Message(sent);
        (message.GetProperty("stop_reason").GetString(), message.GetProperty("stop_sequence").GetString()).ShouldBe((reason, sequence));

        var (_, whole) = await Translating.WholeAsync("{\"choices\":[{\"message\":{\"content\":\"Hi\"}," + finish + "}]}");
        var same = JsonElement.Parse(whole);
        (same.GetProperty("stop_reason").GetString(), same.GetProperty("stop_sequence").GetString()).ShouldBe((reason, sequence));
    }

    [Fact]
    public async Task Calls_ThatEndInStop_AreToolUseAllTheSame()
    {
        var (_, sent) = await Translating.StreamAsync(Translating.Chunks(
            """ "delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop" """) + "data: [DONE]\n\n");

        Translating.Message(sent).GetProperty("stop_reason").GetString().ShouldBe("tool_use");
    }

    /// <summary>Gemini numbers no calls and gives them no ids; others number all of them 0.</summary>
    [Theory]
    [InlineData("""{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}""", """{"id":"b","function":{"name":"g","arguments":"{\"y\":2}"}}""", "a", "b")]
    [InlineData("""{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}""", """{"index":0,"id":"b","function":{"name":"g","arguments":"{\"y\":2}"}}""", "a", "b")]
    [InlineData("""{"index":0,"function":{"name":"f","arguments":{"x":1}}}""", """{"index":1,"function":{"name":"g","arguments":"{\"y\":2}"}}""", "toolu_c-1_0", "toolu_c-1_1")]
    public async Task Calls_HoweverTheyAreNumbered_AreBlocksOfTheirOwn(string first, string second, string one, string two)
    {
        var (_, sent) = await Translating.StreamAsync(Translating.Chunks(
            "\"delta\":{\"tool_calls\":[" + first + "]},\"finish_reason\":null",
            "\"delta\":{\"tool_calls\":[" + second + "]},\"finish_reason\":\"tool_calls\"") + "data: [DONE]\n\n");

        var content = Translating.Message(sent).GetProperty("content");
        content.EnumerateArray().Select(block => (block.GetProperty("id").GetString(), block.GetProperty("name").GetString(), block.GetProperty("input").GetRawText()))
            .ShouldBe([(one, "f", """{"x":1}"""), (two, "g", """{"y":2}""")]);
    }

    [Theory]
    [InlineData(""" "delta":{"reasoning":"mmm"} """, "mmm", "reasoning")]
    [InlineData(""" "delta":{"reasoning":"mmm","reasoning_content":"mmm"} """, "mmm", "reasoning_content")]
    [InlineData(""" "delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"mmm"}]}]} """, "mmm", "thinking")]
    public async Task Reasoning_UnderAnyName_IsThinkingOnceAndSignedWithTheName(string delta, string thought, string signature)
    {
        var (_, sent) = await Translating.StreamAsync(Translating.Chunks(delta, """ "delta":{"content":"Hi"},"finish_reason":"stop" """) + Translating.Told);

        var block = Translating.Message(sent).GetProperty("content")[0];
        (block.GetProperty("thinking").GetString(), block.GetProperty("signature").GetString()).ShouldBe((thought, signature));
    }

    [Fact]
    public async Task Usage_ThatIsNotReported_IsToldAsItIsBooked()
    {
        var (result, sent) = await Translating.StreamAsync(
            Translating.Chunks(""" "delta":{"content":"Hello there"},"finish_reason":"stop" """) + "data: [DONE]\n\n");

        result.Usage.IsNone.ShouldBeTrue();
        var usage = Translating.Message(sent).GetProperty("usage");
        usage.GetProperty("output_tokens").GetInt32().ShouldBe(3);
        usage.GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Usage_ThatComesTwice_IsToldAgainWhereItChanges()
    {
        var usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2}}\n\n";
        var (result, sent) = await Translating.StreamAsync(
            Translating.Chunks(""" "delta":{"content":"Hi"},"finish_reason":"stop" """) + usage + usage + Translating.Told);

        Translating.Events(sent).Where(data => data.GetProperty("type").GetString() is "message_delta")
            .Select(data => data.GetProperty("usage").GetProperty("output_tokens").GetInt32()).ShouldBe([2, 7]);
        result.Usage.Completion.ShouldBe(7);
    }

    /// <summary>Nothing has gone out, so that another upstream may answer.</summary>
    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"no\",\"code\":502}}\n\n")]
    [InlineData("event: error\ndata: {\"message\":\"no\"}\n\n")]
    [InlineData("event: error\ndata: no\n\n")]
    public async Task Error_BehindTheRoleAlone_IsAllThereIs(string error)
    {
        var (result, sent) = await Translating.StreamAsync(": waiting\n\n" + Translating.Chunks(Role) + error);

        (result.Ending, result.AnyAnswerWritten, sent).ShouldBe((RelayEnding.UpstreamBroke, false, ""));
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"no\",\"code\":\"server_error\"}}\n\n", "no")]
    [InlineData("data: {\"error\":\"no\"}\n\n", "no")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}\n\n", null)]
    public async Task Error_BehindContent_EndsTheStreamInAnErrorEvent(string error, string? said)
    {
        var (result, sent) = await Translating.StreamAsync(
            Translating.Chunks(""" "delta":{"content":"Hi"} """) + error + Translating.Chunks(""" "delta":{"content":"more"} """));

        Translating.Types(sent).ShouldBe(["message_start", "content_block_start", "content_block_delta", "error"]);
        var told = Translating.Events(sent)[^1].GetProperty("error");
        told.GetProperty("type").GetString().ShouldBe("api_error");
        told.GetProperty("message").GetString().ShouldBe(said ?? "The upstream failed and did not say why.");
        (result.Ending, result.UpstreamReportedError).ShouldBe((RelayEnding.UpstreamBroke, true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_ThatBreaksOff_EndsInAnErrorEventAndNoStop(bool drops)
    {
        var (result, sent) = await Translating.StreamAsync(
            Translating.Chunks(""" "delta":{"content":"Hi"} """) + "data: {\"choi", drops ? new IOException("reset") : null);

        Translating.Types(sent).ShouldBe(["message_start", "content_block_start", "content_block_delta", "error"]);
        (result.Ending, result.CompletionBytes).ShouldBe((RelayEnding.UpstreamBroke, 2));
    }

    [Theory]
    [InlineData("data: [DONE]", true)]
    [InlineData("", true)]
    [InlineData("", false)]
    public async Task Stream_ThatIsWholeButNotEnded_IsEnded(string end, bool drops)
    {
        var (result, sent) = await Translating.StreamAsync(
            Translating.Chunks(""" "delta":{"content":"Hi"},"finish_reason":"stop" """) + end, drops ? new IOException("reset") : null);

        Translating.Types(sent).TakeLast(2).ShouldBe(["message_delta", "message_stop"]);
        result.Ending.ShouldBe(RelayEnding.Completed);
    }

    [Fact]
    public async Task Event_LongerThanAnyText_BreaksTheStream()
    {
        var (result, _) = await Translating.StreamAsync(
            new[] { Encoding.UTF8.GetBytes("data: {\"x\":\"") }.Concat(Enumerable.Repeat(new byte[1 << 20], 5)));

        (result.Ending, result.AnyAnswerWritten).ShouldBe((RelayEnding.UpstreamBroke, false));
    }
}

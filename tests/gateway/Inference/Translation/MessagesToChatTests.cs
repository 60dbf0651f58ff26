using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Translation;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Inference.Translation;

/// <summary>Requests of the Messages API as requests of chat completions.</summary>
public sealed class MessagesToChatTests
{
    public static TheoryData<string, string> Members => new()
    {
        { """ "max_tokens":5,"temperature":0.50,"top_p":1""", """ "max_tokens":5,"temperature":0.50,"top_p":1""" },
        { """ "stop_sequences":["a","\u0062"]""", """ "stop":["a","\u0062"]""" },
        { """ "stream":true""", """ "stream":true,"stream_options":{"include_usage":true}""" },
        { """ "stream":false,"top_k":5,"metadata":{"user_id":"x"}""", "" },
        { """ "service_tier":"flex" """, """ "service_tier":"flex" """ },
        { """ "service_tier":"auto" """, "" },
        {
            """ "tools":[{"name":"f","description":"Does.","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},{"type":"custom","name":"g","input_schema":{},"strict":true}]""",
            """ "tools":[{"type":"function","function":{"name":"f","description":"Does.","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g","parameters":{},"strict":true}}]"""
        },
        { """ "tools":[]""", "" },
        { """ "tool_choice":{"type":"auto"}""", """ "tool_choice":"auto" """ },
        { """ "tool_choice":{"type":"none"}""", """ "tool_choice":"none" """ },
        { """ "tool_choice":{"type":"any","disable_parallel_tool_use":true}""", """ "tool_choice":"required","parallel_tool_calls":false""" },
        { """ "tool_choice":{"type":"tool","name":"f"}""", """ "tool_choice":{"type":"function","function":{"name":"f"}}""" },
        { """ "thinking":{"type":"enabled","budget_tokens":1024}""", """ "reasoning_effort":"low" """ },
        { """ "thinking":{"type":"enabled","budget_tokens":8192}""", """ "reasoning_effort":"medium" """ },
        { """ "thinking":{"type":"enabled","budget_tokens":31999}""", """ "reasoning_effort":"high" """ },
        { """ "thinking":{"type":"disabled"}""", "" },
        { """ "thinking":{"type":"adaptive"},"output_config":{"effort":"medium"}""", """ "reasoning_effort":"medium" """ },
        { """ "output_config":{"effort":"max"}""", """ "reasoning_effort":"high" """ },
        {
            """ "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}""",
            """ "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}}"""
        },
    };

    public static TheoryData<string, string> Conversations => new()
    {
        { """{"role":"user","content":"h\u0069 \ud83d\ude00"}""", """{"role":"user","content":"h\u0069 \ud83d\ude00"}""" },
        { """{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}""", """{"role":"user","content":"hi"}""" },
        { """{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", """{"role":"user","content":"a\n\nb"}""" },
        {
            """{"role":"user","content":[{"type":"text","text":"see"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}},{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]}""",
            """{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}"""
        },
        {
            """{"role":"user","content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}}]}""",
            """{"role":"user","content":"words"}"""
        },
        {
            """{"role":"user","content":[{"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}}]}""",
            """{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}}]}"""
        },
        {
            """{"role":"assistant","content":[{"type":"text","text":"Let me see."},{"type":"tool_use","id":"t1","name":"f","input":{"a": [1.0]}}]}""",
            """{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": [1.0]}"}}]}"""
        },
        {
            """{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]}""",
            """{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]}"""
        },
        {
            """{"role":"user","content":[{"type":"text","text":"go on"},{"type":"tool_result","tool_use_id":"t1","content":"42"},{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"type":"tool_result","tool_use_id":"t3"}]}""",
            """{"role":"tool","tool_call_id":"t1","content":"42"},{"role":"tool","tool_call_id":"t2","content":"a\n\nb"},{"role":"tool","tool_call_id":"t3","content":""},{"role":"user","content":"go on"}"""
        },
        {
            """{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}}]}]}""",
            """{"role":"tool","tool_call_id":"t1","content":""},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}"""
        },
        {
            """{"role":"assistant","content":[{"type":"thinking","thinking":"mmm","signature":"reasoning_content"},{"type":"text","text":"hi"}]}""",
            """{"role":"assistant","content":"hi","reasoning_content":"mmm"}"""
        },
        {
            """{"role":"assistant","content":[{"type":"thinking","thinking":"mmm","signature":"reasoning"},{"type":"text","text":"hi"}]}""",
            """{"role":"assistant","content":"hi","reasoning":"mmm"}"""
        },
        {
            """{"role":"assistant","content":[{"type":"thinking","thinking":"mmm","signature":"EqQBsigned"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"hi"}]}""",
            """{"role":"assistant","content":"hi"}"""
        },
        { """{"role":"assistant","content":[{"type":"thinking","thinking":"mmm","signature":"EqQBsigned"}]}""", "" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { """ "messages":[{"role":"user","content":"a"}],"tools":[{"name":"f","input_schema":{}},{"type":"web_search_20250305","name":"web_search"}]""", "tools[1].type" },
        { """ "messages":[{"role":"tool","content":"a"}]""", "messages[0].role" },
        { """ "messages":[{"role":"user","content":"a"},{"role":"user"}]""", "messages[1].content" },
        { """ "messages":[{"role":"user","content":[{"type":"search_result"}]}]""", "messages[0].content[0]" },
        { """ "messages":[{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"server_tool_use"}]}]""", "messages[0].content[1]" },
        { """ "messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]""", "messages[0].content[0].source" },
        { """ "messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://a.example"}}]}]""", "messages[0].content[0].source" },
        { """ "messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"search_result"}]}]}]""", "messages[0].content[0].content[0]" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void Member_OfARequest_IsWhatChatCompletionsCallIt(string sent, string made) =>
        Translated($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{sent}}}""")
            .ShouldBe(Same($$"""{"model":"m","messages":[{"role":"user","content":"hi"}]{{(made is "" ? "" : ",")}}{{made}}}"""));

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Message_OfAConversation_IsWhatChatCompletionsWant(string sent, string made) =>
        Translated($$"""{"messages":[{{sent}}],"model":"m"}""").ShouldBe(Same($$"""{"model":"m","messages":[{{made}}]}"""));

    [Theory]
    [InlineData(""" "be brief" """, "be brief")]
    [InlineData("""[{"type":"text","text":"be","cache_control":{"type":"ephemeral"}},{"type":"text","text":"brief"}]""", "be\\n\\nbrief")]
    public void System_AsTextOrBlocks_IsTheFirstMessage(string system, string text) =>
        Translated($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],"system":{{system}}}""")
            .ShouldBe(Same($$"""{"model":"m","messages":[{"role":"system","content":"{{text}}"},{"role":"user","content":"hi"}]}"""));

    [Theory]
    [MemberData(nameof(Refused))]
    public void Request_WithWhatOnlyAnthropicHas_IsRefusedAndNamesIt(string members, string param)
    {
        MessagesToChat.Translate(Pieces($$"""{"model":"m",{{members}}}""")).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Param.ShouldBe(param);
        refusal.Status.ShouldBe(400);
    }

    private static string Translated(string request)
    {
        MessagesToChat.Translate(Pieces(request)).Accepted(out var made, out var refusal).ShouldBeTrue(refusal?.Message);
        return Same(string.Concat(made!.Pieces.Select(piece => Encoding.UTF8.GetString(piece.Span))));
    }

    private static JsonPieces Pieces(string request)
    {
        var bytes = Encoding.UTF8.GetBytes(request);
        return new JsonPieces([bytes.AsMemory(0, 5), bytes.AsMemory(5)]);
    }

    private static string Same(string json) => JsonSerializer.Serialize(JsonElement.Parse(json), Plain.Json);
}

using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>A response as OpenAI streams it: named, numbered events; the last holds the whole response.</summary>
internal static class RecordedResponse
{
    /// <summary>Bytes of text, arguments and reasoning in the deltas.</summary>
    public const int TextBytes = 13 + 7 + 6;

    /// <summary>What <see cref="Completed"/> reports.</summary>
    public static readonly TokenUsage Usage = new(11, 5, 16) { Cached = 3, Reasoning = 2 };

    public static readonly string Completed = Event("response.completed", 9, "\"response\":" + Response("completed", """{"input_tokens":11,"input_tokens_details":{"cached_tokens":3},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":16}"""));

    public static readonly string[] Events =
    [
        Event("response.created", 0, "\"response\":" + Response("in_progress", "null")),
        Event("response.in_progress", 1, "\"response\":" + Response("in_progress", "null")),
        Event("response.output_item.added", 2, """ "output_index":0,"item":{"type":"message","status":"in_progress","content":[]} """),
        Event("response.reasoning_summary_text.delta", 3, """ "delta":"mmm…" """),
        Event("response.output_text.delta", 4, """ "delta":"Žluťoučký","logprobs":[] """),
        Event("response.output_text.done", 5, """ "text":"Žluťoučký" """),
        Event("response.function_call_arguments.delta", 6, """ "delta":"{\"a\":1}" """),
        Event("response.output_item.done", 7, """ "item":{"type":"message","status":"completed","content":[{"type":"output_text","text":"Žluťoučký"}]} """),
        ": still here\n\n",
        Completed,
    ];

    public static string Whole => string.Concat(Events);

    public static string Event(string name, int number, string members) =>
        $"event: {name}\ndata: {{\"type\":\"{name}\",\"sequence_number\":{number},{members}}}\n\n";

    /// <summary>With its text, echoes of the request and all.</summary>
    public static string Response(string status, string usage) =>
        $$$"""{"id":"resp_7","object":"response","created_at":1780000000,"status":"{{{status}}}","error":null,"instructions":"be brief","model":"echo-1","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"mmm…"}]},{"type":"message","status":"completed","content":[{"type":"output_text","text":"Žluťoučký","annotations":[{"type":"url_citation","title":"x","text":"again"}]}]},{"type":"function_call","arguments":"{\"a\":1}"}],"tools":[{"type":"function","name":"f","description":"text"}],"usage":{{{usage}}},"metadata":{}}""";
}

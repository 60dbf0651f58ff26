using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Freeway.Bench.Targets;

/// <summary>
/// Answers every chat request at once with the same completion, or with the same stream of 22 events, each flushed by
/// itself. It is as cheap as an upstream can be, so that what is measured is what stands before it.
/// </summary>
internal static class BenchUpstream
{
    private const int TextEvents = 20;

    private static readonly byte[] Completion = Encoding.UTF8.GetBytes(
        """
        {"id":"chatcmpl-bench","object":"chat.completion","created":1767225600,"model":"echo","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there, how are you?"},"finish_reason":"stop"}],"usage":{"prompt_tokens":13,"completion_tokens":7,"total_tokens":20}}
        """);

    private static readonly byte[][] Events =
    [
        .. Enumerable.Range(0, TextEvents).Select(index => Event($$""""choices":[{"index":0,"delta":{"content":"word{{index}} "},"finish_reason":null}]"""")),
        Event(""""choices":[{"index":0,"delta":{},"finish_reason":"stop"}]""""),
        Event(""""choices":[],"usage":{"prompt_tokens":13,"completion_tokens":20,"total_tokens":33}""""),
        "data: [DONE]\n\n"u8.ToArray(),
    ];

    public static void Map(WebApplication app) => app.Run(AnswerAsync);

    private static async Task AnswerAsync(HttpContext http)
    {
        var body = new byte[(int)(http.Request.ContentLength ?? 0)];
        await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
        if (body.AsSpan().IndexOf("\"stream\":true"u8) >= 0)
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var piece in Events)
            {
                await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted);
            }

            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Completion.Length;
        await http.Response.BodyWriter.WriteAsync(Completion, http.RequestAborted);
    }

    private static byte[] Event(string rest) => Encoding.UTF8.GetBytes(
        $$"""data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600,"model":"echo",{{rest}}}""" + "\n\n");
}

using System.Collections.Frozen;
using Freeway.Gateway.Models;

namespace Freeway.Functions.Http;

/// <summary>Gives each surface an example for the OpenAPI document; a new surface needs an entry here.</summary>
internal static class InferenceSamples
{
    private static readonly FrozenDictionary<Surface, InferenceSample> Samples = new Dictionary<Surface, InferenceSample>
    {
        [Surface.ChatCompletions] = new(
            "createChatCompletion",
            "Answers a conversation",
            """{"model":"demo/echo:free","messages":[{"role":"user","content":"hello"}]}""",
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1780056000,"model":"echo","choices":[{"index":0,
            "message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,
            "completion_tokens":1,"total_tokens":2}}
            """,
            """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1780056000,"model":"echo","choices":[{"index":0,"delta":{"content":"hello"},"finish_reason":null}]}

            data: [DONE]


            """),
        [Surface.Completions] = new(
            "createCompletion",
            "Continues a text",
            """{"model":"demo/echo:free","prompt":"hello"}""",
            """
            {"id":"cmpl-1","object":"text_completion","created":1780056000,"model":"echo","choices":[{"index":0,
            "text":"hello","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,
            "total_tokens":2}}
            """,
            """
            data: {"id":"cmpl-1","object":"text_completion","created":1780056000,"model":"echo","choices":[{"index":0,"text":"hello","finish_reason":null}]}

            data: [DONE]


            """),
        [Surface.Responses] = new(
            "createResponse",
            "Answers with a response object",
            """{"model":"demo/echo:free","input":"hello"}""",
            """
            {"id":"resp_1","object":"response","created_at":1780056000,"status":"completed","model":"echo",
            "output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed",
            "content":[{"type":"output_text","text":"hello","annotations":[]}]}],"usage":{"input_tokens":1,
            "output_tokens":1,"total_tokens":2}}
            """,
            """
            event: response.output_text.delta
            data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"hello"}


            """),
        [Surface.Messages] = new(
            "createMessage",
            "Answers a conversation, in the shape of Anthropic's Messages API",
            """{"model":"demo/echo:free","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}""",
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"demo/echo","content":[{"type":"text",
            "text":"hello"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,
            "output_tokens":1}}
            """,
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hello"}}


            """),
        [Surface.Embeddings] = new(
            "createEmbedding",
            "Turns texts into vectors",
            """{"model":"demo/echo:free","input":["hello"]}""",
            """
            {"object":"list","model":"echo","data":[{"object":"embedding","index":0,"embedding":[0.1,-0.2]}],
            "usage":{"prompt_tokens":1,"total_tokens":1}}
            """),
        [Surface.ImageGenerations] = new(
            "createImage",
            "Draws images",
            """{"model":"demo/echo:free","prompt":"a lighthouse","size":"512x512","n":1}""",
            """{"created":1780056000,"data":[{"b64_json":"iVBORw0KGgo="}]}""",
            """
            event: image_generation.completed
            data: {"type":"image_generation.completed","b64_json":"iVBORw0KGgo="}


            """),
        [Surface.AudioSpeech] = new(
            "createSpeech", "Speaks a text", """
                {"model":"sarvam/bulbul:v2:free","input":"hello","voice":"anushka"}
                """, null, "data: {\"type\":\"speech.audio.delta\",\"audio\":\"UklGRg==\"}\n\n"),
        [Surface.AudioTranscriptions] = new(
            "createTranscription", "Writes down what is said", null, """{"text":"hello"}""", "data: {\"type\":\"transcript.text.delta\",\"delta\":\"hello\"}\n\n"),
        [Surface.AudioTranslations] = new("createTranslation", "Writes down in English what is said", null, """{"text":"hello"}"""),
        [Surface.Moderations] = new(
            "createModeration",
            "Says whether a text is harmful",
            """{"model":"demo/echo:free","input":"hello"}""",
            """{"id":"modr-1","model":"echo","results":[{"flagged":false,"categories":{},"category_scores":{}}]}"""),
    }.ToFrozenDictionary();

    public static InferenceSample Of(Surface surface) => Samples[surface];
}

/// <summary>An example of a surface: a request, an answer and, where it streams, a stream.</summary>
/// <param name="Request">The body as JSON; null where the request is a form.</param>
/// <param name="Answer">The answer as JSON; null where the answer is no JSON.</param>
internal sealed record InferenceSample(
    string Id, string Summary, string? Request, string? Answer, string? Stream = null);

using Freeway.Functions.Http.Endpoints;
using Freeway.Functions.Http.OpenApi;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Functions.Http;

/// <summary>
/// Serves the endpoints of the APIs of OpenAI and Anthropic that a model answers, one function for each
/// <see cref="Surface"/>. What the surfaces differ in is data, so that every function does the same with another
/// surface.
/// </summary>
public sealed class InferenceFunctions(InferencePipeline pipeline, HttpEndpointRunner runner)
{
    private const string Root = "api/v1/";

    [Function("AudioSpeech")]
    public Task<IActionResult> AudioSpeechAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "audio/speech")] HttpRequest request) =>
        RunAsync(request, Surface.AudioSpeech);

    [Function("AudioTranscriptions")]
    public Task<IActionResult> AudioTranscriptionsAsync(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "post", Route = Root + "audio/transcriptions")] HttpRequest request) =>
        RunAsync(request, Surface.AudioTranscriptions);

    [Function("AudioTranslations")]
    public Task<IActionResult> AudioTranslationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "audio/translations")] HttpRequest request) =>
        RunAsync(request, Surface.AudioTranslations);

    [Function("ChatCompletions")]
    public Task<IActionResult> ChatCompletionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "chat/completions")] HttpRequest request) =>
        RunAsync(request, Surface.ChatCompletions);

    [Function("Completions")]
    public Task<IActionResult> CompletionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "completions")] HttpRequest request) =>
        RunAsync(request, Surface.Completions);

    [Function("Embeddings")]
    public Task<IActionResult> EmbeddingsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "embeddings")] HttpRequest request) =>
        RunAsync(request, Surface.Embeddings);

    [Function("ImageGenerations")]
    public Task<IActionResult> ImageGenerationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "images/generations")] HttpRequest request) =>
        RunAsync(request, Surface.ImageGenerations);

    [Function("Messages")]
    public Task<IActionResult> MessagesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "messages")] HttpRequest request) =>
        RunAsync(request, Surface.Messages);

    [Function("Moderations")]
    public Task<IActionResult> ModerationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "moderations")] HttpRequest request) =>
        RunAsync(request, Surface.Moderations);

    [Function("Responses")]
    public Task<IActionResult> ResponsesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Root + "responses")] HttpRequest request) =>
        RunAsync(request, Surface.Responses);

    private Task<IActionResult> RunAsync(HttpRequest request, Surface surface) =>
        runner.InferAsync(request, surface, pipeline.RunAsync);
}

/// <summary>
/// Describes the surfaces, each an endpoint. Bodies pass through, so that the schemas name what Freeway itself reads
/// and leave the rest open.
/// </summary>
internal static class InferenceOperations
{
    private static readonly int[] Errors = [400, 401, 402, 403, 404, 408, 409, 413, 429, 431, 500, 502, 503, 504];
    private static readonly string[] Parameters = ["X-Request-Id", "Idempotency-Key", "X-Freeway-Overflow", "X-Freeway-Include", "X-Freeway-Cache", "X-Freeway-End-User"];

    public static IEnumerable<ApiOperation> All => Surface.All.Select(Describe);

    private static string Template(Surface surface) => "api/v1/" + surface.Path;

    private static ApiOperation Describe(Surface surface)
    {
        var sample = InferenceSamples.Of(surface);
        return new("POST", Template(surface), sample.Id, ApiTag.Inference, sample.Summary)
        {
            Description = "Every parameter of the upstream's API passes through untouched; only `model` is rewritten. "
                + "The model id may end in `:free` or `:flex`." + (
                    surface.Stream is StreamShape.None ? "" : " Streams where the request asks for it."),
            Parameters = [.. Parameters, .. surface.PassedHeaders.Select(header => header.Name)],
            Body = surface.Content.Forms is ContentForms.None
                ? new ApiContent("multipart/form-data") { Schema = FormSchema(surface) }
                : new ApiContent(ApiContent.Json, sample.Request) { Schema = RequestSchema(surface) },
            Answers = [.. AnswersOf(surface, sample)],
            Errors = Errors,
            IsMessages = surface == Surface.Messages,
        };
    }

    private static IEnumerable<ApiContent> AnswersOf(Surface surface, InferenceSample sample)
    {
        if (sample.Answer is { } answer)
        {
            yield return new(ApiContent.Json, answer) { Schema = """
                {"type":"object","description":"As the upstream wrote it."}
                """ };
        }

        if (surface.Stream is not StreamShape.None)
        {
            yield return new(ApiContent.Events, sample.Stream) { Schema = """
                {"type":"string",
                "description":"Server-sent events, relayed as they come; an error in mid-stream is a last event with `error`, and the connection breaks."}
                """ };
        }

        yield return ApiContent.Anything;
    }

    private static string RequestSchema(Surface surface)
    {
        var content = surface.Content;
        var forms = content.Forms switch
        {
            ContentForms.Text => """{"type":"string"}""",
            ContentForms.Array => """{"type":"array","items":{"type":"object"}}""",
            _ => """{"type":["string","array","object"],"items":{}}""",
        };
        var stream = surface.Stream is StreamShape.None || surface.Members.HasFlag(RequestField.StreamFormat) ? "" : ""","stream":{"type":"boolean","default":false}""";
        var (needed, ceiling) = surface.NeedsCeiling
            ? (",\"max_tokens\"", ",\"max_tokens\":{\"type\":\"integer\",\"minimum\":1}")
            : ("", "");
        return $$"""
            {"type":"object","required":["model","{{content.Name}}"{{needed}}],"additionalProperties":true,
             "properties":{"model":{"type":"string","description":"A model id, with or without `:free` or `:flex`."},"{{content.Name}}":{{forms}}{{stream}}{{ceiling}} } }
            """;
    }

    private static string FormSchema(Surface surface) => $$"""
        {"type":"object","required":["model","{{surface.Content.Name}}"],"additionalProperties":true,
         "properties":{"model":{"type":"string","description":"A model id, with or without `:free` or `:flex`."},"{{surface.Content.Name}}":{"description":"The sound to hear.","contentMediaType":"application/octet-stream"} } }
        """;
}

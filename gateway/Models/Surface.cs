namespace Freeway.Gateway.Models;

/// <summary>
/// A kind of inference request, as data: where it is asked for, what of its body is acted on, what it is counted in and
/// how it answers. A new endpoint is a new entry here; nothing else tells surfaces apart.
/// </summary>
public sealed class Surface
{
    private const RequestField Streamed = RequestField.Stream | RequestField.StreamOptions;

    private Surface(string path, RequestContent content) => (Path, Content) = (path, content);

    public static Surface ChatCompletions { get; } = new("chat/completions", new("messages", ContentForms.Array, "an array of messages"))
    {
        Members = Streamed | RequestField.N | RequestField.Ceilings,
        Obeyed = RequestField.MaxTokens | RequestField.MaxCompletionTokens,
        Ceiling = RequestField.MaxTokens,
        Measures = Measures.InputTokens | Measures.OutputTokens,
        Stream = StreamShape.ChatChunks,
        AsksForUsage = true,
    };

    public static Surface Completions { get; } = new("completions", new("prompt", ContentForms.TextOrArray, "a string or an array"))
    {
        Members = Streamed | RequestField.N | RequestField.BestOf | RequestField.Ceilings,
        Obeyed = RequestField.MaxTokens,
        Ceiling = RequestField.MaxTokens,
        Measures = Measures.InputTokens | Measures.OutputTokens,
        Stream = StreamShape.TextChunks,
        AsksForUsage = true,
        AnswersEachItem = true,
    };

    public static Surface Responses { get; } = new("responses", new("input", ContentForms.TextOrArray, "a string or an array of items"))
    {
        Members = RequestField.Stream | RequestField.MaxOutputTokens | RequestField.Stored | RequestField.Background,
        Obeyed = RequestField.MaxOutputTokens,
        Ceiling = RequestField.MaxOutputTokens,
        Asides = ["include", "store", "truncation"],
        Measures = Measures.InputTokens | Measures.OutputTokens,
        Stream = StreamShape.Events,
    };

    /// <summary>
    /// Anthropic's Messages API. Upstreams that speak it say so; for others it is translated to chat completions.
    /// </summary>
    public static Surface Messages { get; } = new("messages", new("messages", ContentForms.Array, "an array of messages"))
    {
        Members = RequestField.Stream | RequestField.MaxTokens,
        Obeyed = RequestField.MaxTokens,
        Ceiling = RequestField.MaxTokens,
        NeedsCeiling = true,
        Asides = ["thinking"],
        Measures = Measures.InputTokens | Measures.OutputTokens,
        Stream = StreamShape.Messages,
        TranslatedTo = ChatCompletions,
        PassedHeaders = [new("anthropic-version", "2023-06-01"), new("anthropic-beta", null)],
    };

    public static Surface Embeddings { get; } = new("embeddings", new("input", ContentForms.TextOrArray, "a string or an array of strings"))
    {
        Measures = Measures.InputTokens,
    };

    public static Surface ImageGenerations { get; } = new("images/generations", new("prompt", ContentForms.Text, "a string that describes the image"))
    {
        Members = RequestField.Stream | RequestField.N | RequestField.Size,
        Measures = Measures.Images,
        Stream = StreamShape.Events,
    };

    public static Surface AudioSpeech { get; } = new("audio/speech", new("input", ContentForms.Text, "a string, the text to speak"))
    {
        Members = RequestField.StreamFormat,
        Asides = ["voice", "response_format"],
        Measures = Measures.InputTokens | Measures.Characters,
        Stream = StreamShape.Events,
        AnswersBytes = true,
    };

    public static Surface AudioTranscriptions { get; } = new("audio/transcriptions", new("file", ContentForms.None, "a file with sound"))
    {
        Members = RequestField.Stream,
        Measures = Measures.Seconds,
        Stream = StreamShape.Events,
        AnswersBytes = true,
    };

    public static Surface AudioTranslations { get; } = new("audio/translations", new("file", ContentForms.None, "a file with sound"))
    {
        Measures = Measures.Seconds,
        AnswersBytes = true,
    };

    public static Surface Moderations { get; } = new("moderations", new("input", ContentForms.TextOrArray, "a string or an array"))
    {
        Measures = Measures.InputTokens,
    };

    public static IReadOnlyList<Surface> All { get; } =
    [
        ChatCompletions, Completions, Responses, Messages, Embeddings, ImageGenerations, AudioSpeech, AudioTranscriptions, AudioTranslations, Moderations,
    ];

    /// <summary>Gets the surfaces that an upstream speaks unless it says otherwise: those of OpenAI's API.</summary>
    public static IReadOnlyList<Surface> Usual { get; } = [.. All.Where(surface => surface.TranslatedTo is null)];

    /// <summary>
    /// Gets the surface's path relative to the API's root, Freeway's and an upstream's alike, e.g.
    /// <c>chat/completions</c>.
    /// </summary>
    public string Path { get; }

    public RequestContent Content { get; }

    /// <summary>
    /// Gets the members that are acted on beside the model and the content. Any other is passed on and counts as
    /// prompt.
    /// </summary>
    public RequestField Members { get; private init; }

    /// <summary>Gets the members of the request by which upstreams bound the output.</summary>
    public RequestField Obeyed { get; private init; }

    /// <summary>
    /// The one that is set where a plan bounds the output and the caller did not; null where output has no bound.
    /// </summary>
    public RequestField? Ceiling { get; private init; }

    /// <summary>Gets whether a request without a ceiling is refused.</summary>
    public bool NeedsCeiling { get; private init; }

    /// <summary>
    /// The surface by which upstreams that do not speak this one are called; null where each speaks it or cannot serve
    /// it.
    /// </summary>
    public Surface? TranslatedTo { get; private init; }

    /// <summary>The caller's headers that are passed on to upstreams that speak the surface.</summary>
    public IReadOnlyList<PassedHeader> PassedHeaders { get; private init; } = [];

    /// <summary>Members that never reach the model, beside those that never do on any surface.</summary>
    public IReadOnlyList<string> Asides { get; private init; } = [];

    public Measures Measures { get; private init; }

    public StreamShape Stream { get; private init; }

    /// <summary>Gets whether a stream reports its usage only if <c>stream_options.include_usage</c> says so.</summary>
    public bool AsksForUsage { get; private init; }

    /// <summary>
    /// Gets whether each item of the content is answered by itself, so that two prompts make twice as many answers.
    /// </summary>
    public bool AnswersEachItem { get; private init; }

    /// <summary>
    /// Gets whether answers may be sound or plain text instead of JSON; such an answer is passed on unread.
    /// </summary>
    public bool AnswersBytes { get; private init; }

    /// <summary>The surface at a path, whatever its case; null where there is none.</summary>
    public static Surface? At(string path) => All.FirstOrDefault(surface => surface.Path.Equals(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The surface by which one who speaks only these is called: this one, the one it is translated to, or null.
    /// </summary>
    public Surface? Among(IReadOnlyList<Surface> spoken) =>
        spoken.Contains(this) ? this
        : TranslatedTo is { } other && spoken.Contains(other) ? other
        : null;

    public bool Counts(Measures measure) => (Measures & measure) == measure;

    public override string ToString() => Path;
}

/// <summary>Names the ways in which a surface streams its answers.</summary>
public enum StreamShape
{
    /// <summary>The surface does not stream.</summary>
    None,

    /// <summary>
    /// Chunks with choices, then <c>[DONE]</c>; usage comes in a chunk of its own, where it is asked for.
    /// </summary>
    ChatChunks,

    /// <summary>A stream of plain completions.</summary>
    TextChunks,

    /// <summary>Events that each say their <c>type</c>; the last one carries usage, and nothing follows it.</summary>
    Events,

    /// <summary>
    /// Events of Anthropic's messages, from <c>message_start</c> to <c>message_stop</c>; both ends carry usage.
    /// </summary>
    Messages,
}

/// <summary>The kinds of JSON value that the content of a request may be.</summary>
[Flags]
public enum ContentForms
{
    /// <summary>The request is no JSON.</summary>
    None = 0,
    Text = 1,
    Array = 2,
    TextOrArray = Text | Array,
}

/// <summary>The member without which a request asks for nothing.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Wanted">What it must be, as callers are told: "'input' must be …".</param>
public sealed record RequestContent(string Name, ContentForms Forms, string Wanted);

/// <summary>A header of the caller's that upstreams are told.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Default">The value that is sent where the caller sent none; null sends none.</param>
public sealed record PassedHeader(string Name, string? Default);

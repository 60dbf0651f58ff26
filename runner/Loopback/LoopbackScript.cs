namespace Freeway.Runner.Loopback;

/// <summary>How one request is answered. Without any of it: what it was sent as text, word by word, at once; vectors, images and tones that are small and always the same.</summary>
public sealed record LoopbackScript
{
    /// <summary>A gate stands before the headers.</summary>
    public const int BeforeHeaders = -1;

    /// <summary>A gate stands between the headers and the first byte of the body.</summary>
    public const int AfterHeaders = 0;

    /// <summary>What to answer instead of the last user message.</summary>
    public string? Text { get; init; }

    /// <summary>A tool to call instead of answering with text.</summary>
    public LoopbackToolCall? ToolCall { get; init; }

    /// <summary>How many words to answer, the text's own over and over; unless said, as many as there are chunks or else as the text has.</summary>
    public int? Words { get; init; }

    /// <summary>Into how many chunks of text a stream is cut; unless said, a word each.</summary>
    public int? Chunks { get; init; }

    /// <summary>Before the headers.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Before each chunk of text.</summary>
    public TimeSpan Delay { get; init; }

    public LoopbackUsage Usage { get; init; }

    /// <summary>How long audio that is sent in is said to be; unless said, what its header says, or a second for every 16,000 bytes.</summary>
    public double? Seconds { get; init; }

    /// <summary>What each image is said to cost; unless said, an answer with images has no usage, as those that are priced by the image.</summary>
    public int? ImageTokens { get; init; }

    /// <summary>The status of an error that is answered instead.</summary>
    public int? Error { get; init; }

    /// <summary>In seconds, sent with an error.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>After so many chunks of text an error event ends the stream; where the stream has no events, the connection is dropped.</summary>
    public int? ErrorAfter { get; init; }

    /// <summary>After so many chunks of text the connection is dropped; a non-stream answer breaks in the middle.</summary>
    public int? DropAfter { get; init; }

    /// <summary>The connection is dropped before any header.</summary>
    public bool HangUp { get; init; }

    /// <summary>Whether <c>[DONE]</c> ends a stream of a surface that has it.</summary>
    public bool Done { get; init; } = true;

    public string FinishReason { get; init; } = "stop";

    /// <summary>Response headers beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Holds the answer at <see cref="HoldAfter"/> until it is opened.</summary>
    public LoopbackGate? Gate { get; init; }

    /// <summary>Where the gate stands: after so many chunks of text, or <see cref="BeforeHeaders"/> or <see cref="AfterHeaders"/>.</summary>
    public int HoldAfter { get; init; } = AfterHeaders;
}

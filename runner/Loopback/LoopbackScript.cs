using System.Threading.Channels;

namespace Freeway.Runner.Loopback;

/// <summary>
/// Describes how one request is answered. A script that says nothing answers the text that was sent, word by word, at
/// once; vectors, images and tones are small and always the same.
/// </summary>
public sealed record LoopbackScript
{
    /// <summary>A gate stands before the headers.</summary>
    public const int BeforeHeaders = -1;

    /// <summary>A gate stands between the headers and the first byte of the body.</summary>
    public const int AfterHeaders = 0;

    /// <summary>Gets the text to answer with in place of the last user message.</summary>
    public string? Text { get; init; }

    /// <summary>A tool to call instead of answering with text.</summary>
    public LoopbackToolCall? ToolCall { get; init; }

    /// <summary>
    /// Gets the number of words to answer, the text's own over and over; unless said, as many as there are chunks or
    /// else as the text has.
    /// </summary>
    public int? Words { get; init; }

    /// <summary>Gets the number of chunks of text that a stream is cut into; unless said, a word each.</summary>
    public int? Chunks { get; init; }

    /// <summary>Gets the time to wait before the headers.</summary>
    public TimeSpan FirstByteDelay { get; init; }

    /// <summary>Gets the time to wait before each chunk of text.</summary>
    public TimeSpan Delay { get; init; }

    public LoopbackUsage Usage { get; init; }

    /// <summary>
    /// Gets the length that audio which is sent in is said to have, in seconds; unless said, as its header says, or a
    /// second for every 16,000 bytes.
    /// </summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// Gets the number of tokens that each image is said to cost; unless said, an answer with images has no usage, as
    /// with models that are priced by the image.
    /// </summary>
    public int? ImageTokens { get; init; }

    /// <summary>The status of an error that is answered instead.</summary>
    public int? Error { get; init; }

    /// <summary>Gets the <c>Retry-After</c> that is sent with an error, in seconds; null sends none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>
    /// Gets the number of chunks of text after which an error event ends the stream; where the stream has no events,
    /// the connection is dropped.
    /// </summary>
    public int? ErrorAfter { get; init; }

    /// <summary>
    /// Gets the number of chunks of text after which the connection is dropped; a non-stream answer breaks in the
    /// middle.
    /// </summary>
    public int? DropAfter { get; init; }

    /// <summary>The connection is dropped before any header.</summary>
    public bool HangUp { get; init; }

    /// <summary>Gets whether <c>[DONE]</c> ends a stream of a surface that has it.</summary>
    public bool Done { get; init; } = true;

    public string FinishReason { get; init; } = "stop";

    /// <summary>Response headers beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Holds the answer at <see cref="HoldAfter"/> until it is opened.</summary>
    public LoopbackGate? Gate { get; init; }

    /// <summary>
    /// Gets the place of the gate: after so many chunks of text, or <see cref="BeforeHeaders"/> or
    /// <see cref="AfterHeaders"/>.
    /// </summary>
    public int HoldAfter { get; init; } = AfterHeaders;
}

/// <summary>Names the ways in which an answer reports its usage.</summary>
public enum LoopbackUsage
{
    /// <summary>
    /// A token per word, in non-stream answers always, in streams where it is asked for; for audio that is sent in
    /// seconds, or tokens of models that are named so.
    /// </summary>
    Reported,

    /// <summary>The answer has no usage, asked or not.</summary>
    None,

    /// <summary>The answer has 0 in every field of its usage.</summary>
    Zero,

    /// <summary>The answer to audio that is sent in has its usage in seconds, whatever the model.</summary>
    Duration,

    /// <summary>The answer to audio that is sent in has its usage in tokens, whatever the model.</summary>
    Tokens,
}

/// <summary>Holds answers until it is opened, for all of them and for good.</summary>
public sealed class LoopbackGate
{
    private readonly Channel<LoopbackRequest> _arrivals = Channel.CreateUnbounded<LoopbackRequest>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    /// <summary>The next request whose answer has come to the gate.</summary>
    public ValueTask<LoopbackRequest> ArrivalAsync(CancellationToken cancellation = default) => _arrivals.Reader.ReadAsync(cancellation);

    internal Task PassAsync(LoopbackRequest request, CancellationToken cancellation)
    {
        _arrivals.Writer.TryWrite(request);
        return _open.Task.WaitAsync(cancellation);
    }
}

/// <summary>The text of an answer, in the pieces in which it is streamed.</summary>
/// <param name="Cut">Whether the request's ceiling ended it early.</param>
internal sealed record LoopbackText(IReadOnlyList<string> Pieces, int Words, bool Cut)
{
    public string Whole => string.Concat(Pieces);

    /// <param name="said">What is answered unless the script has a text.</param>
    public static LoopbackText Of(string said, int? mostWords, LoopbackScript script)
    {
        var own = TurnReading.Words(script.Text ?? said);
        var wanted = script.Words ?? Math.Max(script.Chunks ?? 0, own.Length);
        var count = Math.Min(wanted, mostWords ?? wanted);
        var words = own.Length > 0 ? own : ["word"];
        var pieces = Math.Min(script.Chunks ?? count, count);
        return new LoopbackText([.. Enumerable.Range(0, pieces).Select(Piece)], count, count < wanted);

        string Piece(int at)
        {
            var (from, to) = ((int)((long)count * at / pieces), (int)((long)count * (at + 1) / pieces));
            return (at > 0 ? " " : "") + string.Join(' ', Enumerable.Range(from, to - from).Select(word => words[word % words.Length]));
        }
    }
}

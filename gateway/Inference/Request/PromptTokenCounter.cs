using System.Text.Json;
using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Inference.Request;

/// <summary>
/// Counts the tokens of what of a request may reach the model, tool definitions and tool calls included: names and
/// texts as the model reads them, and a token of punctuation for each. A long prompt is counted in samples that lie
/// evenly over it; what lies between is taken to be alike.
/// </summary>
/// <param name="promptBytes">The size of the whole, as <see cref="RequestBody.PromptBytes"/> has it.</param>
public sealed class PromptTokenCounter(ITokenizer tokenizer, long promptBytes)
{
    /// <summary>
    /// The length of a piece in UTF-16 units. A tokenizer takes time by the square of a long word; cutting one costs a
    /// token or two a piece, which is on the safe side.
    /// </summary>
    public const int PieceLength = 256;

    /// <summary>The bytes that are counted of one prompt at most; they bound the time that counting takes.</summary>
    public const long MostCounted = 64 * 1024;

    private readonly long _every = Math.Max(1, (promptBytes + MostCounted - 1) / MostCounted);
    private long _pieces;
    private long _counted;
    private long _countedBytes;
    private long _skippedBytes;
    private long _punctuation;

    /// <summary>Gets the tokens of all that was taken, at least 1.</summary>
    public long Tokens
    {
        get
        {
            var skipped = _countedBytes is 0 ? 0 : Math.Ceiling((double)_skippedBytes * _counted / _countedBytes);
            return Math.Max(1, _counted + (long)skipped + _punctuation);
        }
    }

    /// <summary>Takes one JSON token of the prompt.</summary>
    public void Take(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.PropertyName or JsonTokenType.String:
                Text(json.ValueSpan);
                _punctuation++;
                break;
            case JsonTokenType.Number:
                Text(json.ValueSpan);
                _punctuation++;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.True or JsonTokenType.False:
                _punctuation++;
                break;
        }
    }

    private void Text(ReadOnlySpan<byte> written)
    {
        Span<char> piece = stackalloc char[PieceLength];
        while (written.Length > 0)
        {
            var length = WrittenText.Read(written, piece, out var consumed);
            if (_pieces++ % _every is 0)
            {
                _counted += tokenizer.Count(piece[..length]);
                _countedBytes += consumed;
            }
            else
            {
                _skippedBytes += consumed;
            }

            written = written[consumed..];
        }
    }
}

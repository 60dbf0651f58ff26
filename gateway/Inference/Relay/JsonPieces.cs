using System.Text.Json;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Reads one JSON text that comes in pieces of any size and hands its tokens to an <see cref="AnswerReader"/>. Memory
/// does not grow with the text: a token that a piece ends in is kept until it is whole, and of a string that is kept,
/// only the beginning (<see cref="KeptOfString"/> bytes) and the length. A picture of 5 MB therefore passes in a
/// kilobyte.
/// </summary>
internal sealed class JsonPieces(AnswerReader answer)
{
    /// <summary>
    /// The number of bytes that are kept of a string that is cut by the end of a piece; all that is read for its value
    /// is shorter.
    /// </summary>
    public const int KeptOfString = 1024;

    /// <summary>
    /// Numbers and words that are longer than this are no JSON that anybody sends: the text is then unreadable.
    /// </summary>
    private const int LongestToken = 4 * KeptOfString;

    private const int DeepestNesting = 512;

    private static readonly JsonReaderState Start = new(new JsonReaderOptions { MaxDepth = DeepestNesting });

    private byte[] _kept = [];
    private int _length;
    private CutString _string;
    private JsonReaderState _state = Start;

    /// <summary>Gets whether an object or an array has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Gets whether the object or array that the text consists of is complete.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Gets whether the text is an object; known once it is whole.</summary>
    public bool IsObject { get; private set; }

    /// <summary>Gets whether any object of the text has a member.</summary>
    public bool HasMembers { get; private set; }

    /// <summary>Gets whether the text is no JSON. The rest of it is passed over.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>Makes ready for another text.</summary>
    public void Begin()
    {
        (_length, _string, _state) = (0, default, Start);
        (HasBegun, IsWhole, IsObject, HasMembers, IsUnreadable) = (false, false, false, false, false);
    }

    /// <summary>Reads the next piece as far as its tokens are whole, and keeps the rest.</summary>
    /// <returns>Where in the piece the bracket stands that closes the text; null where it is not in this
    ///     piece.</returns>
    public int? Take(ReadOnlySpan<byte> piece)
    {
        int? close = null;
        var at = 0;
        while (at < piece.Length && !IsUnreadable)
        {
            if (_length is 0)
            {
                // 1. Nothing is kept: tokens are read where they lie, without a copy. Nearly all are.
                var (consumed, end) = Read(piece[at..], cut: 0);
                close ??= end is { } here ? at + here : null;
                at += consumed;
            }

            if (at < piece.Length && !IsUnreadable)
            {
                // 2. A token that the piece ends in, or that an earlier one ended in: it is kept up to where it may be
                // whole.
                at += Keep(piece[at..]);
            }

            if (_length > 0 && !_string.IsOpen)
            {
                // 3. What is kept ends in a quote or a bracket, comma or colon, so the bracket that closes all is its
                // last byte.
                var (consumed, end) = Read(_kept.AsSpan(0, _length), _string.Cut);
                close ??= end is null ? null : at - 1;
                _kept.AsSpan(consumed, _length - consumed).CopyTo(_kept);
                _length -= consumed;
            }
        }

        return close;
    }

    /// <param name="cut">How many bytes of the last string in it were left out.</param>
    private (int Consumed, int? Close) Read(ReadOnlySpan<byte> bytes, long cut)
    {
        // Never the final block: whether the text came to its end is told by its last bracket.
        var json = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
        int? close = null;
        try
        {
            while (json.Read())
            {
                HasBegun |= json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                HasMembers |= json.TokenType is JsonTokenType.PropertyName;
                answer.Take(ref json, json.TokenType is JsonTokenType.String ? cut : 0);
                if (json is { CurrentDepth: 0, TokenType: JsonTokenType.EndObject or JsonTokenType.EndArray })
                {
                    (IsWhole, IsObject) = (true, json.TokenType is JsonTokenType.EndObject);
                    close = (int)json.TokenStartIndex;
                }
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            IsUnreadable = true;
            return (bytes.Length, close);
        }

        _state = json.CurrentState;
        return ((int)json.BytesConsumed, close);
    }

    /// <summary>
    /// Keeps bytes up to the next place at which a token may be whole, a long string without its middle.
    /// </summary>
    /// <returns>How many bytes of the piece are done with.</returns>
    private int Keep(ReadOnlySpan<byte> piece)
    {
        var at = 0;
        while (at < piece.Length)
        {
            if (_string.IsOpen)
            {
                at += _string.Take(piece[at..], out var kept);
                Add(kept);
                if (!_string.IsOpen)
                {
                    break;
                }

                continue;
            }

            var next = piece[at++];
            var isSpace = next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
            if (isSpace && _length > 0 && _kept[_length - 1] is (byte)' ')
            {
                continue; // white space of any length is one space
            }

            Add(isSpace ? " "u8 : [next]);
            if (next is (byte)'"')
            {
                _string = new CutString { IsOpen = true };
            }
            else if (next is (byte)',' or (byte)':' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']')
            {
                break;
            }
            else if (_length > LongestToken)
            {
                IsUnreadable = true;
                break;
            }
        }

        return at;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _kept.Length)
        {
            Array.Resize(ref _kept, Math.Max(_kept.Length * 2, _length + bytes.Length + KeptOfString));
        }

        bytes.CopyTo(_kept.AsSpan(_length));
        _length += bytes.Length;
    }
}

/// <summary>One string of a JSON text on its way: its beginning is kept, of the rest only the length is.</summary>
internal struct CutString
{
    /// <summary>
    /// The value of <see cref="_escape"/> behind a backslash: the letter is to come, and four digits at most.
    /// </summary>
    private const int LetterToCome = 5;

    private int _kept;
    private int _escape;
    private bool _keepsEscape;
    private int _unit;

    /// <summary>Gets or sets whether the string's closing quote has not come yet.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Gets the number of UTF-8 bytes of the string's value that were left out.</summary>
    public long Cut { get; private set; }

    /// <summary>
    /// Takes the next part of the string: plain text as far as it goes, or one byte of an escape, or the quote.
    /// </summary>
    /// <param name="kept">What of it is to be kept.</param>
    /// <returns>The length of the part.</returns>
    public int Take(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> kept)
    {
        var stop = _escape > 0 ? 0 : bytes.IndexOfAny((byte)'"', (byte)'\\');
        var plain = stop < 0 ? bytes.Length : stop;
        if (plain > 0)
        {
            kept = bytes[..Math.Clamp(JsonPieces.KeptOfString - _kept, 0, plain)];
            Cut += plain - kept.Length;
            _kept += kept.Length;
            return plain;
        }

        if (_escape > 0)
        {
            InEscape(bytes[0]);
        }
        else if (bytes[0] is (byte)'"')
        {
            (IsOpen, _keepsEscape) = (false, true);
        }
        else
        {
            // An escape is kept whole or not at all: half of one would be no JSON.
            (_escape, _keepsEscape) = (LetterToCome, _kept < JsonPieces.KeptOfString);
        }

        kept = _keepsEscape ? bytes[..1] : [];
        _kept += kept.Length;
        return 1;
    }

    private void InEscape(byte next)
    {
        if (_escape is LetterToCome)
        {
            (_unit, _escape) = (0, next is (byte)'u' ? 4 : 0);
        }
        else
        {
            var digit = next <= (byte)'9' ? next - '0' : (next | 0x20) - 'a' + 10;
            (_unit, _escape) = ((_unit << 4) | (digit & 0xF), _escape - 1);
        }

        if (_escape is 0 && !_keepsEscape)
        {
            Cut += JsonText.Utf8Length((ushort)_unit); // 1 where there were no digits
        }
    }
}

using System.Buffers;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// Reads one SSE event after another, each in pieces of any size: its data, if it is JSON, goes to the
/// <see cref="AnswerReader"/>. No event is too long to be read, and none is kept.
/// </summary>
internal sealed class EventReader(AnswerReader answer)
{
    /// <summary>
    /// The number of bytes of a name, or of data that is no JSON, that are kept: as many as the longest word that is
    /// looked for, and one more.
    /// </summary>
    private const int LongestWord = 8;

    private readonly JsonPieces _json = new(answer);
    private readonly byte[] _word = new byte[LongestWord];
    private int _wordLength;
    private EventLine _line;
    private int _matched;
    private bool _mayBeData;
    private bool _mayBeMark = true;
    private long _at;
    private int _dataLines;
    private bool _isJson;
    private bool _saysDone;
    private long? _close;

    /// <summary>Gets whether <c>[DONE]</c> was seen.</summary>
    public bool Done { get; private set; }

    /// <summary>Gets whether an event was named <c>error</c>.</summary>
    public bool NamedError { get; private set; }

    /// <summary>Gets whether the event read last carried data; a comment, for one, does not.</summary>
    public bool HasData { get; private set; }

    /// <summary>Gets whether an event carried an object that is no JSON, so that nobody knows what it held.</summary>
    public bool HasUnreadable { get; private set; }

    /// <summary>
    /// Gets the position, in the event read last, of the closing brace of its JSON; null where the event is not one
    /// whole object on one line.
    /// </summary>
    public long? Close { get; private set; }

    /// <summary>
    /// Begins the next event; what it carries is in <see cref="AnswerReader"/> until the one after it.
    /// </summary>
    public void Begin()
    {
        answer.Begin();
        _json.Begin();
        (_line, _matched, _wordLength, _at, _dataLines) = (EventLine.Start, 0, 0, 0, 0);
        (_isJson, _saysDone, _close, HasData, Close) = (false, false, null, false, null);
    }

    /// <summary>Reads the next piece of the event.</summary>
    public void Take(in ReadOnlySequence<byte> pieces)
    {
        foreach (var piece in pieces)
        {
            Take(piece.Span);
        }
    }

    /// <summary>Ends the event.</summary>
    /// <param name="cutShort">Whether the stream ended in it: then what it lacks is no fault of the event's.</param>
    public void End(bool cutShort = false)
    {
        EndLine();
        Done |= _saysDone;
        HasUnreadable |= _json.IsUnreadable || (_isJson && !_json.IsWhole && !cutShort);
        Close = _json is { IsWhole: true, IsUnreadable: false } && _dataLines is 1 ? _close : null;
    }

    private void Take(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            if (_line is EventLine.Start)
            {
                InStart(piece[0]);
                piece = piece[1..];
                _at++;
                continue;
            }

            var end = piece.IndexOfAny((byte)'\n', (byte)'\r');
            var text = end < 0 ? piece : piece[..end];
            if (_line is EventLine.Data)
            {
                Data(text);
            }
            else if (_line is EventLine.Name)
            {
                Word(text);
            }

            if (end >= 0)
            {
                EndLine();
            }

            var read = end < 0 ? piece.Length : end + 1;
            piece = piece[read..];
            _at += read;
        }
    }

    /// <summary>Finds out, byte by byte, what line it is.</summary>
    private void InStart(byte next)
    {
        if (next >= 0x80 && _mayBeMark)
        {
            return; // a byte-order mark, at the very beginning of the stream
        }

        _mayBeMark = false;
        if (next is (byte)'\n' or (byte)'\r')
        {
            EndLine();
            return;
        }

        _mayBeData = _matched is 0 ? next is (byte)'d' : _mayBeData;
        var name = _mayBeData ? "data:"u8 : "event:"u8;
        if (next != name[_matched])
        {
            _line = EventLine.Other;
        }
        else if (++_matched == name.Length)
        {
            _line = _mayBeData ? EventLine.Data : EventLine.Name;
            _dataLines += _mayBeData ? 1 : 0;
            if (_mayBeData && _isJson)
            {
                _json.Take("\n"u8); // the data of two lines have a line end between them
            }
        }
    }

    private void Data(ReadOnlySpan<byte> text)
    {
        var data = HasData ? text : text.TrimStart((byte)' ');
        if (data.IsEmpty)
        {
            return;
        }

        _isJson |= !HasData && data[0] is (byte)'{';
        HasData = true;
        if (!_isJson)
        {
            Word(data);
        }
        else if (_json.Take(data) is { } close)
        {
            _close = _at + text.Length - data.Length + close;
        }
    }

    private void Word(ReadOnlySpan<byte> text)
    {
        var more = _wordLength is 0 ? text.TrimStart((byte)' ') : text;
        var kept = more[..Math.Min(more.Length, LongestWord - _wordLength)];
        kept.CopyTo(_word.AsSpan(_wordLength));
        _wordLength += kept.Length;
    }

    private void EndLine()
    {
        var word = _word.AsSpan(0, _wordLength).TrimEnd((byte)' ');
        NamedError |= _line is EventLine.Name && word.SequenceEqual("error"u8);
        _saysDone = _line is EventLine.Data ? _dataLines is 1 && word.SequenceEqual("[DONE]"u8) : _saysDone;
        (_line, _matched, _wordLength) = (EventLine.Start, 0, 0);
    }
}

/// <summary>The lines of an event, by their names.</summary>
internal enum EventLine
{
    /// <summary>Within the name: it is not known yet.</summary>
    Start,
    Data,

    /// <summary>The name of the event.</summary>
    Name,
    Other,
}

using System.Buffers;
using System.Text.Json;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>Reads one whole SSE event after another: its data, if it is JSON, goes to the <see cref="AnswerReader"/>.</summary>
internal sealed class EventReader(AnswerReader answer)
{
    private ArrayBufferWriter<byte>? _pieces;
    private ArrayBufferWriter<byte>? _lines;
    private bool _begun;
    private int _mark;
    private int _lastBrace;

    /// <summary>Whether <c>[DONE]</c> was seen.</summary>
    public bool Done { get; private set; }

    /// <summary>Whether an event was named <c>error</c>.</summary>
    public bool NamedError { get; private set; }

    /// <summary>Where in the event read last the closing brace of its JSON stands; null where it is not one whole object on one line.</summary>
    public long? Close { get; private set; }

    /// <summary>Reads the event; what it carried is in <see cref="AnswerReader"/> until the next.</summary>
    /// <returns>False where it carried no data: a comment, say.</returns>
    public bool Read(ReadOnlySequence<byte> whole)
    {
        answer.Begin();
        Close = null;
        var data = Data(Contiguous(whole)).Trim((byte)' ');
        if (data.IsEmpty)
        {
            return false;
        }

        Done |= data.SequenceEqual("[DONE]"u8);
        if (data[0] is (byte)'{')
        {
            Close = Chunk(data) && _lastBrace >= 0 ? _lastBrace : null;
        }

        return true;
    }

    /// <returns>Whether it is one whole JSON text.</returns>
    private bool Chunk(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        try
        {
            while (json.Read())
            {
                answer.Take(ref json);
            }

            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false; // relayed as it is; there is nothing to learn from it
        }
    }

    private ReadOnlySpan<byte> Contiguous(ReadOnlySequence<byte> whole)
    {
        ReadOnlySpan<byte> bytes = whole.FirstSpan;
        if (!whole.IsSingleSegment)
        {
            _pieces ??= new ArrayBufferWriter<byte>();
            _pieces.ResetWrittenCount();
            foreach (var piece in whole)
            {
                _pieces.Write(piece.Span);
            }

            bytes = _pieces.WrittenSpan;
        }

        if (!_begun)
        {
            _begun = true;
            _mark = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
            return bytes[_mark..];
        }

        _mark = 0;
        return bytes;
    }

    private ReadOnlySpan<byte> Data(ReadOnlySpan<byte> bytes)
    {
        var data = ReadOnlySpan<byte>.Empty;
        var (lines, at) = (0, _mark);
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (line.StartsWith("data:"u8))
            {
                _lastBrace = lines is 0 && line.LastIndexOf((byte)'}') is >= 0 and var brace ? at + brace : -1;
                data = ++lines is 1 ? line[5..] : Join(data, line[5..], lines);
            }
            else if (line.StartsWith("event:"u8))
            {
                NamedError |= line[6..].Trim((byte)' ').SequenceEqual("error"u8);
            }

            at += end + 1;
        }

        return data;
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> line, int lines)
    {
        _lines ??= new ArrayBufferWriter<byte>();
        if (lines is 2)
        {
            _lines.ResetWrittenCount();
            _lines.Write(before);
        }

        _lines.Write("\n"u8);
        _lines.Write(line);
        return _lines.WrittenSpan;
    }
}

using System.Buffers;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>Turns an answer into that of another surface as it passes.</summary>
internal interface IAnswerTranslation
{
    /// <summary>Takes the next bytes of the answer, and writes what they make.</summary>
    /// <exception cref="IOException">The answer cannot be translated.</exception>
    void Take(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to);

    /// <summary>Writes what is left where the answer has come to its end.</summary>
    void End(IBufferWriter<byte> to);

    /// <summary>Writes what is left where the upstream has dropped.</summary>
    /// <returns>Whether the answer is whole all the same.</returns>
    bool EndBroken(IBufferWriter<byte> to);

    /// <summary>Puts into a result what the upstream itself said: that is what is booked.</summary>
    RelayResult Amend(RelayResult passed);
}

/// <summary>An upstream's answer, read as the surface wants it that the caller speaks.</summary>
internal sealed class TranslatedStream(Stream upstream, IAnswerTranslation translation) : ForwardStream(upstream)
{
    private const int Portion = 4 * 1024;

    private readonly byte[] _read = new byte[Portion];
    private readonly ArrayBufferWriter<byte> _made = new(Portion);
    private int _taken;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _made.WrittenCount && !_ended)
        {
            _made.ResetWrittenCount();
            _taken = 0;
            var read = 0;
            try
            {
                // The framework's pipe reader awaits this stream without a context: going on in the caller's would
                // send it through the thread pool.
#pragma warning disable RS0030
                read = await Source.ReadAsync(_read, cancellationToken).ConfigureAwait(false);
#pragma warning restore RS0030
            }
            catch (IOException) when (translation.EndBroken(_made))
            {
                _ended = true;
                continue;
            }

            if (read is 0)
            {
                _ended = true;
                translation.End(_made);
            }
            else
            {
                translation.Take(_read.AsSpan(0, read), _made);
            }
        }

        var length = Math.Min(buffer.Length, _made.WrittenCount - _taken);
        _made.WrittenMemory.Slice(_taken, length).CopyTo(buffer);
        _taken += length;
        return length;
    }
}

/// <summary>Finds the data of an event that has come whole.</summary>
internal static class ServerSentData
{
    /// <returns>The data, its lines joined by line feeds; empty where the event has none.</returns>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> whole)
    {
        var data = ReadOnlyMemory<byte>.Empty;
        var rest = whole.Span.StartsWith("\uFEFF"u8) ? whole[3..] : whole;
        var lines = 0;
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.Span.StartsWith("data:"u8))
            {
                continue;
            }

            line = line[5..];
            line = line.Span.StartsWith(" "u8) ? line[1..] : line;
            data = lines++ is 0 ? line : (byte[])[.. data.Span, (byte)'\n', .. line.Span];
        }

        return data;
    }
}

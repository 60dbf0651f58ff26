using System.Buffers;

namespace Freeway.Gateway.Inference.Relays;

/// <summary>Keeps the bytes of an answer while they are few.</summary>
internal sealed class KeptAnswer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _tooMany;

    /// <summary>Null once there were more than <see cref="JsonRelay.MostKept"/>.</summary>
    public ReadOnlyMemory<byte>? Bytes => _tooMany ? default(ReadOnlyMemory<byte>?) : _bytes.WrittenMemory;

    public void Take(in ReadOnlySequence<byte> more)
    {
        _tooMany |= _bytes.WrittenCount + more.Length > JsonRelay.MostKept;
        if (_tooMany)
        {
            _bytes.ResetWrittenCount();
            return;
        }

        foreach (var piece in more)
        {
            _bytes.Write(piece.Span);
        }
    }
}

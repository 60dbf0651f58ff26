using System.Buffers;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// An upstream's answer, read with our name for its model. What has come is there at once: nothing is waited for.
/// </summary>
public sealed class RenamedStream(Stream upstream, ModelRename rename) : ForwardStream(upstream)
{
    private const int Portion = 4 * 1024;

    private readonly byte[] _read = new byte[Portion];
    private readonly ArrayBufferWriter<byte> _passed = new(Portion);
    private int _taken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A portion may become nothing at all, in the middle of a name that is left out.
        while (_taken == _passed.WrittenCount)
        {
            // The framework's pipe reader reads this stream, and awaits it without a context: going on in the caller's
            // would send it through the thread pool.
#pragma warning disable RS0030
            (_taken, var read) = (0, await Source.ReadAsync(_read, cancellationToken).ConfigureAwait(false));
#pragma warning restore RS0030
            _passed.ResetWrittenCount();
            if (read is 0)
            {
                return 0;
            }

            rename.Pass(_read.AsSpan(0, read), _passed);
        }

        var length = Math.Min(buffer.Length, _passed.WrittenCount - _taken);
        _passed.WrittenMemory.Slice(_taken, length).CopyTo(buffer);
        _taken += length;
        return length;
    }
}

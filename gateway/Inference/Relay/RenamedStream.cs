using System.Buffers;

namespace Freeway.Gateway.Inference.Relay;

/// <summary>
/// An upstream's answer, read with our name for its model. What has come is there at once: nothing is waited for.
/// </summary>
public sealed class RenamedStream(Stream upstream, ModelRename rename) : ForwardStream(upstream)
{
    private const int Portion = 4 * 1024;

    private readonly Passed _passed = new();

    /// <summary>A rented buffer; null before the first read and once the answer is over.</summary>
    private byte[]? _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A portion may become nothing at all, in the middle of a name that is left out.
        while (_passed.IsEmpty)
        {
            _read ??= ArrayPool<byte>.Shared.Rent(Portion);
            // The framework's pipe reader reads this stream, and awaits it without a context: going on in the caller's
            // would send it through the thread pool.
#pragma warning disable RS0030
            var read = await Source.ReadAsync(_read, cancellationToken).ConfigureAwait(false);
#pragma warning restore RS0030
            if (read is 0)
            {
                // Only here, and never while a read may still write into it, does the buffer go back.
                ArrayPool<byte>.Shared.Return(_read);
                _read = null;
                _passed.Return();
                return 0;
            }

            rename.Pass(_read.AsSpan(0, read), _passed);
        }

        return _passed.Take(buffer.Span);
    }

    /// <summary>Keeps the bytes that have passed and were not taken yet, in a rented buffer.</summary>
    private sealed class Passed : IBufferWriter<byte>
    {
        private byte[] _bytes = [];
        private int _written;
        private int _taken;

        public bool IsEmpty => _taken == _written;

        public int Take(Span<byte> to)
        {
            var some = _bytes.AsSpan(_taken, Math.Min(to.Length, _written - _taken));
            some.CopyTo(to);
            _taken += some.Length;
            if (IsEmpty)
            {
                (_taken, _written) = (0, 0);
            }

            return some.Length;
        }

        public void Advance(int count) => _written += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            var needed = _written + Math.Max(sizeHint, 1);
            if (needed > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Portion + 512));
                _bytes.AsSpan(0, _written).CopyTo(larger);
                Return();
                _bytes = larger;
            }

            return _bytes.AsMemory(_written);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Return()
        {
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = [];
            }
        }
    }
}

namespace Freeway.Gateway.Tests.Inference.Relay;

/// <summary>An upstream that delivers the given portions, one per read, and then ends or breaks.</summary>
internal sealed class PortionedStream(IEnumerable<byte[]> portions, Exception? end = null, Action<int>? beforeRead = null) : UpstreamStream
{
    private readonly IEnumerator<byte[]> _portions = portions.GetEnumerator();
    private ReadOnlyMemory<byte> _portion;
    private int _delivered;

    public static PortionedStream Of(string text) => new([System.Text.Encoding.UTF8.GetBytes(text)]);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        beforeRead?.Invoke(_delivered);
        if (_delivered % 2 is 0)
        {
            await Task.Yield();
        }

        cancellationToken.ThrowIfCancellationRequested();
        while (_portion.IsEmpty)
        {
            if (!_portions.MoveNext())
            {
                return end is null ? 0 : throw end;
            }

            _portion = _portions.Current;
        }

        var length = Math.Min(buffer.Length, _portion.Length);
        _portion[..length].CopyTo(buffer);
        _portion = _portion[length..];
        _delivered += length;
        return length;
    }
}

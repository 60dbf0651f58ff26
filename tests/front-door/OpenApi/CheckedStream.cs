namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>Keeps what is read from a body, and has it checked when its end is reached.</summary>
internal sealed class CheckedStream(Stream inner, Func<ReadOnlyMemory<byte>, Task> check) : Stream
{
    private readonly MemoryStream _read = new();
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        await SeeAsync(buffer[..count], buffer.Length > 0);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        SeeAsync(buffer.AsMemory(offset, read), count > 0).GetAwaiter().GetResult();
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SeeAsync(ReadOnlyMemory<byte> bytes, bool wanted)
    {
        _read.Write(bytes.Span);
        if (bytes.IsEmpty && wanted && !_checked)
        {
            _checked = true;
            await check(_read.ToArray());
        }
    }
}

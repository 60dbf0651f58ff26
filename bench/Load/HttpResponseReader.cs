using System.Net.Sockets;
using System.Globalization;
using System.Text;

namespace Freeway.Bench.Load;

/// <summary>
/// Reads HTTP/1.1 responses from one kept connection, as cheaply as a load generator needs to: the status, the time of
/// the body's first byte, and where the response ends. Bodies are counted and thrown away.
/// </summary>
internal sealed class HttpResponseReader(Socket socket, TimeProvider clock)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Reads one response to its end.</summary>
    /// <exception cref="IOException">The connection was closed, or what came is no response.</exception>
    public async ValueTask<HttpReply> ReadAsync()
    {
        int headerLength;
        while ((headerLength = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync();
        }

        var (status, length) = ReadHead(_buffer.AsSpan(_start, headerLength + 2));
        _start += headerLength + 4;
        var firstByte = 0L;
        if (length is { } known)
        {
            await SkipAsync(known);
        }
        else
        {
            int chunk;
            do
            {
                chunk = await ReadChunkSizeAsync();
                firstByte = firstByte is 0 ? clock.GetTimestamp() : firstByte;
                await SkipAsync(chunk + 2);
            }
            while (chunk > 0);
        }

        return new HttpReply(status, firstByte is 0 ? clock.GetTimestamp() : firstByte);
    }

    private static (int Status, int? Length) ReadHead(ReadOnlySpan<byte> head)
    {
        var status = int.Parse(head.Slice(9, 3), CultureInfo.InvariantCulture);
        var isChunked = false;
        while (head.Length > 0)
        {
            var line = head[..head.IndexOf("\r\n"u8)];
            head = head[(line.Length + 2)..];
            if (IsHeader(line, "content-length:"u8))
            {
                return (status, int.Parse(line[15..].Trim((byte)' '), CultureInfo.InvariantCulture));
            }

            isChunked |= IsHeader(line, "transfer-encoding:"u8);
        }

        return isChunked ? (status, null) : throw new IOException("A response says neither its length nor that it is chunked.");
    }

    private static bool IsHeader(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private async ValueTask<int> ReadChunkSizeAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            await FillAsync();
        }

        var size = int.Parse(
            _buffer.AsSpan(_start, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        _start += end + 2;
        return size;
    }

    private async ValueTask SkipAsync(int count)
    {
        while (count > _end - _start)
        {
            count -= _end - _start;
            (_start, _end) = (0, 0);
            await FillAsync();
        }

        _start += count;
    }

    private async ValueTask FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
        if (read is 0)
        {
            throw new IOException("The connection was closed in the middle of a response.");
        }

        _end += read;
    }
}

/// <summary>Holds what a load generator remembers of one response.</summary>
/// <param name="FirstByteAt">The timestamp at which the body's first byte was there.</param>
internal readonly record struct HttpReply(int Status, long FirstByteAt);

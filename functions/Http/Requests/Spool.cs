using System.Buffers;
using Freeway.Gateway.Inference.Request;
using Microsoft.Win32.SafeHandles;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// Keeps an upload while its request lasts: in memory as long as it is small, else in a file that is gone with its
/// handle, also where the process dies.
/// </summary>
internal sealed class Spool : IUpload, IDisposable
{
    /// <summary>The largest upload that is kept in memory, in bytes.</summary>
    public const int MostInMemory = 64 * 1024;

    /// <summary>Begins the names of the files in the folder for temporary files.</summary>
    public const string FilePrefix = "freeway-upload-";

    private byte[]? _memory;
    private SafeFileHandle? _file;

    public long Length { get; private set; }

    public async ValueTask AppendAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        if (_file is null && Length + bytes.Length > MostInMemory)
        {
            _file = OpenFile();
            await RandomAccess.WriteAsync(_file, Memory(0, (int)Length), 0, cancellation);
            Release();
        }

        foreach (var piece in bytes)
        {
            if (_file is { } file)
            {
                await RandomAccess.WriteAsync(file, piece, Length, cancellation);
            }
            else
            {
                piece.CopyTo((_memory ??= ArrayPool<byte>.Shared.Rent(MostInMemory)).AsMemory((int)Length));
            }

            Length += piece.Length;
        }
    }

    public ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        if (_file is { } file)
        {
            return RandomAccess.ReadAsync(file, into, at, cancellation);
        }

        var there = (int)Math.Max(0, Math.Min(into.Length, Length - at));
        Memory((int)Math.Min(at, Length), there).CopyTo(into);
        return new(there);
    }

    public void Dispose()
    {
        _file?.Dispose();
        Release();
    }

    private Memory<byte> Memory(int at, int length) => _memory.AsMemory(at, length);

    private void Release()
    {
        if (Interlocked.Exchange(ref _memory, null) is { } memory)
        {
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    private static SafeFileHandle OpenFile()
    {
        var path = Path.Combine(Path.GetTempPath(), FilePrefix + Path.GetRandomFileName());
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // an open file needs no name, and without one it cannot outlive the process
        }

        return file;
    }
}

/// <summary>Reads a spool from its begin, for those who want a stream.</summary>
internal sealed class SpoolStream(Spool spool) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => spool.Length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await spool.ReadAsync(Position, buffer, cancellationToken);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(
        "It is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("It is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(
        "It is read only.");
}

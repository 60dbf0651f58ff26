using System.Buffers;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Bodies;

/// <summary>A form on its way upstream: as it was sent, with one value replaced. Never more of it is in memory than one buffer.</summary>
internal sealed class FormPieces(UploadedForm form, FormPart replaced, ReadOnlyMemory<byte> value) : IUpstreamBody
{
    private const int BufferBytes = 64 * 1024;

    public string ContentType => form.ContentType;

    public long? Length => form.Upload.Length - replaced.Length + value.Length;

    public async Task WriteAsync(Stream upstream, CancellationToken cancellation)
    {
        await CopyAsync(upstream, 0, replaced.At, cancellation);
        await upstream.WriteAsync(value, cancellation);
        await CopyAsync(upstream, replaced.At + replaced.Length, form.Upload.Length, cancellation);
    }

    private async Task CopyAsync(Stream upstream, long from, long to, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (from < to)
            {
                var read = await form.Upload.ReadAsync(from, buffer.AsMemory(0, (int)Math.Min(buffer.Length, to - from)), cancellation);
                if (read is 0)
                {
                    throw new EndOfStreamException("The upload is shorter than it was.");
                }

                await upstream.WriteAsync(buffer.AsMemory(0, read), cancellation);
                from += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

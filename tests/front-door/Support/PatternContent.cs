using System.Net;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>So many bytes, made as they are sent.</summary>
public sealed class PatternContent(long bytes) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] block = [.. Enumerable.Range(0, 64 * 1024).Select(at => (byte)(at * 7))];
        for (var left = bytes; left > 0; left -= block.Length)
        {
            await stream.WriteAsync(block.AsMemory(0, (int)Math.Min(block.Length, left)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}

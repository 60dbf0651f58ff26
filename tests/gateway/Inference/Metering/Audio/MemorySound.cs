using Freeway.Gateway.Inference.Metering.Audio;

namespace Freeway.Gateway.Tests.Inference.Metering.Audio;

internal sealed class MemorySound(byte[] bytes) : IAudioFormat
{
    public long Length => bytes.Length;

    public ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation)
    {
        var read = (int)Math.Min(into.Length, Math.Max(0, bytes.Length - at));
        bytes.AsMemory((int)Math.Min(at, bytes.Length), read).CopyTo(into);
        return new(read);
    }
}

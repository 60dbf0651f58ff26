using System.Buffers;
using System.Buffers.Binary;

namespace Freeway.Gateway.Inference.Metering.Audio;

/// <summary>Ogg with Opus or Vorbis: the last page says at which sample it ends.</summary>
internal static class Ogg
{
    private const int PageHead = 27;
    private const int TailBytes = 64 * 1024;
    private const int OpusRate = 48_000;

    /// <returns>Null where it is no such file.</returns>
    public static async ValueTask<double?> SecondsAsync(ReadOnlyMemory<byte> head, IAudioFormat sound, CancellationToken cancellation)
    {
        if (Rate(head.Span) is not { } rate)
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(TailBytes);
        try
        {
            var filled = await sound.FillAsync(Math.Max(0, sound.Length - TailBytes), buffer.AsMemory(0, TailBytes), cancellation);
            return LastSample(buffer.AsSpan(0, filled)) / rate;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static double? Rate(ReadOnlySpan<byte> head)
    {
        if (head.Length < PageHead || !head.StartsWith("OggS"u8) || head.Length < PageHead + head[PageHead - 1] + 16)
        {
            return null;
        }

        var packet = head[(PageHead + head[PageHead - 1])..];
        return packet.StartsWith("OpusHead"u8) ? OpusRate
            : packet.StartsWith("\u0001vorbis"u8) && BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]) is > 0 and var rate ? rate
            : null;
    }

    private static double? LastSample(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.LastIndexOf("OggS"u8); at >= 0; at = tail[..at].LastIndexOf("OggS"u8))
        {
            // -1 stands on a page in which no packet ends.
            if (at + PageHead <= tail.Length && BinaryPrimitives.ReadInt64LittleEndian(tail[(at + 6)..]) is > 0 and var sample)
            {
                return sample;
            }
        }

        return null;
    }
}

using System.Buffers.Binary;

namespace Freeway.Gateway.Inference.Metering.Audio;

/// <summary>RIFF WAVE: how many bytes a second takes stands in <c>fmt</c>, and <c>data</c> is the sound.</summary>
internal static class Wav
{
    private const int ChunksAt = 12;
    private const int ChunkHead = 8;
    private const int FormatBytes = 16;

    /// <summary>Eight channels of 32 bits at 192 kHz.</summary>
    private const uint MostBytesPerSecond = 8 * 4 * 192_000;

    /// <param name="head">The file's begin.</param>
    /// <param name="length">The file's size: what its own header says of the sound may be more, or nothing, where it
    ///     was streamed.</param>
    /// <returns>Null where it is no such file.</returns>
    public static double? Seconds(ReadOnlySpan<byte> head, long length)
    {
        if (head.Length < ChunksAt || !head.StartsWith("RIFF"u8) || !head[8..].StartsWith("WAVE"u8))
        {
            return null;
        }

        uint bytesPerSecond = 0;
        for (long at = ChunksAt; at + ChunkHead <= head.Length;)
        {
            var chunk = head[(int)at..];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("fmt "u8) && size >= FormatBytes && chunk.Length >= ChunkHead + FormatBytes)
            {
                bytesPerSecond = BytesPerSecond(chunk[ChunkHead..]);
            }

            if (chunk.StartsWith("data"u8))
            {
                var rest = length - at - ChunkHead;
                return bytesPerSecond is 0 ? null : (size is 0 ? rest : Math.Min(size, rest)) / (double)bytesPerSecond;
            }

            at += ChunkHead + size + (size & 1);
        }

        return null;
    }

    /// <summary>
    /// Computes the bytes of a second as players do: a block for each sample, whatever rate in bytes the header gives.
    /// For compressed sound that rate is all there is.
    /// </summary>
    private static uint BytesPerSecond(ReadOnlySpan<byte> format)
    {
        var (coding, samples) = (BinaryPrimitives.ReadUInt16LittleEndian(format), BinaryPrimitives.ReadUInt32LittleEndian(format[4..]));
        var (bytes, block) = (BinaryPrimitives.ReadUInt32LittleEndian(format[8..]), BinaryPrimitives.ReadUInt16LittleEndian(format[12..]));
        var plain = coding is 1 or 3 or 6 or 7 or 0xFFFE;
        return (uint)Math.Min(MostBytesPerSecond, plain ? (ulong)samples * block : bytes);
    }
}

using System.Buffers.Binary;

namespace Freeway.Gateway.Inference.Metering.Audio;

/// <summary>FLAC: its first block says how many samples there are, and how many a second.</summary>
internal static class Flac
{
    private const int BlockAt = 4;
    private const int RateAt = 18;
    private const int RateShift = 44;
    private const ulong SamplesMask = (1UL << 36) - 1;

    /// <returns>Null where it is no such file, or one that was streamed and does not know.</returns>
    public static double? Seconds(ReadOnlySpan<byte> head)
    {
        if (head.Length < RateAt + sizeof(ulong) || !head.StartsWith("fLaC"u8) || (head[BlockAt] & 0x7F) is not 0)
        {
            return null;
        }

        var packed = BinaryPrimitives.ReadUInt64BigEndian(head[RateAt..]);
        var (rate, samples) = (packed >> RateShift, packed & SamplesMask);
        return rate > 0 && samples > 0 ? samples / (double)rate : null;
    }
}

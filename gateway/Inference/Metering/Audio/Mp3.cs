using System.Buffers.Binary;

namespace Freeway.Gateway.Inference.Metering.Audio;

/// <summary>
/// MPEG audio, layer III: the first frame says how many frames there are where their rate varies, else the rate at
/// which all are sent.
/// </summary>
internal static class Mp3
{
    private const int TagHead = 10;
    private const int FrameBytes = 4 + 32 + 18;

    private static readonly int[] Kilobits = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
    private static readonly int[] KilobitsOfTwo = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    private static readonly int[] Rates = [44_100, 48_000, 32_000, 0];

    /// <returns>Null where it is no such file.</returns>
    public static async ValueTask<double?> SecondsAsync(ReadOnlyMemory<byte> head, IAudioFormat sound, CancellationToken cancellation)
    {
        var frameAt = FirstFrame(head.Span);
        if (frameAt + FrameBytes <= head.Length)
        {
            return Seconds(head.Span[(int)frameAt..], sound.Length - frameAt);
        }

        // A tag with a picture may be longer than the head.
        var frame = new byte[FrameBytes];
        return await sound.FillAsync(frameAt, frame, cancellation) == frame.Length ? Seconds(frame, sound.Length - frameAt) : null;
    }

    private static long FirstFrame(ReadOnlySpan<byte> head)
    {
        if (head.Length < TagHead || !head.StartsWith("ID3"u8))
        {
            return 0;
        }

        var size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
        return TagHead + size + ((head[5] & 0x10) is 0 ? 0 : TagHead);
    }

    private static double? Seconds(ReadOnlySpan<byte> frame, long bytes)
    {
        var (version, layer) = ((frame[1] >> 3) & 3, (frame[1] >> 1) & 3);
        if (frame[0] is not 0xFF || frame[1] < 0xE0 || version is 1 || layer is not 1)
        {
            return null;
        }

        var (one, mono) = (version is 3, (frame[3] >> 6) is 3);
        var kilobits = (one ? Kilobits : KilobitsOfTwo)[frame[2] >> 4];
        var rate = Rates[(frame[2] >> 2) & 3] / version switch { 3 => 1, 2 => 2, _ => 4 };
        if (kilobits is 0 || rate is 0)
        {
            return null;
        }

        return Frames(frame, (one, mono) switch { (true, false) => 32, (true, true) or (false, false) => 17, _ => 9 }) is > 0 and var frames
            ? frames * (one ? 1152.0 : 576.0) / rate
            : bytes * 8 / (kilobits * 1000.0);
    }

    private static uint Frames(ReadOnlySpan<byte> frame, int sideBytes)
    {
        var note = frame[(4 + sideBytes)..];
        if (note.StartsWith("Xing"u8) || note.StartsWith("Info"u8))
        {
            return (note[7] & 1) is 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(note[8..]);
        }

        return frame[36..].StartsWith("VBRI"u8) ? BinaryPrimitives.ReadUInt32BigEndian(frame[50..]) : 0;
    }
}

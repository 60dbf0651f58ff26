using System.Buffers;

namespace Freeway.Gateway.Inference.Metering.Audio;

/// <summary>
/// Finds out how long a file with sound plays, without decoding it: as its own header says, else by its size at the
/// lowest rate at which speech is sent, which is an upper bound. A header is believed only as far as the size allows.
/// </summary>
public static class AudioDuration
{
    /// <summary>8 kbit/s: hardly any speech is sent at less.</summary>
    public const int FewestBytesPerSecond = 1_000;

    /// <summary>Two channels of 16 bits at 48 kHz: nothing that is compressed takes more.</summary>
    public const int MostBytesPerSecond = 192_000;

    private const int HeadBytes = 64 * 1024;

    /// <returns>Whole seconds, rounded up, at least 1.</returns>
    public static async ValueTask<long> SecondsAsync(IAudioFormat sound, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(HeadBytes);
        try
        {
            var head = buffer.AsMemory(0, await sound.FillAsync(0, buffer.AsMemory(0, HeadBytes), cancellation));
            if (Wav.Seconds(head.Span, sound.Length) is { } exact)
            {
                return Whole(exact);
            }

            var said = Flac.Seconds(head.Span)
                ?? await Mp3.SecondsAsync(head, sound, cancellation)
                ?? await Ogg.SecondsAsync(head, sound, cancellation)
                ?? await Mp4.SecondsAsync(head, sound, cancellation);
            var most = sound.Length / (double)FewestBytesPerSecond;
            return Whole(said is { } seconds ? Math.Clamp(seconds, Math.Min(most, sound.Length / (double)MostBytesPerSecond), most) : most);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads until the memory is full or the file ends.</summary>
    internal static async ValueTask<int> FillAsync(this IAudioFormat sound, long at, Memory<byte> into, CancellationToken cancellation)
    {
        var filled = 0;
        while (filled < into.Length && await sound.ReadAsync(at + filled, into[filled..], cancellation) is > 0 and var read)
        {
            filled += read;
        }

        return filled;
    }

    private static long Whole(double seconds) => Math.Max(1, (long)Math.Ceiling(seconds));
}

/// <summary>A file with sound, of which any part can be read.</summary>
public interface IAudioFormat
{
    /// <summary>Gets the length of the file in bytes.</summary>
    long Length { get; }

    /// <returns>How many bytes were read; 0 only at the end.</returns>
    ValueTask<int> ReadAsync(long at, Memory<byte> into, CancellationToken cancellation);
}

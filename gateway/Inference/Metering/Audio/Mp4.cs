using System.Buffers.Binary;

namespace Freeway.Gateway.Inference.Metering.Audio;

/// <summary>
/// MP4 and M4A: the box <c>moov</c>, wherever it stands, begins with one that says how long all plays.
/// </summary>
internal static class Mp4
{
    private const int BoxHead = 8;
    private const int LongBoxHead = 16;
    private const int MovieBytes = 32;
    private const int MostBoxes = 64;

    /// <returns>Null where it is no such file.</returns>
    public static async ValueTask<double?> SecondsAsync(ReadOnlyMemory<byte> head, IAudioFormat sound, CancellationToken cancellation)
    {
        if (head.Length < BoxHead || !head.Span[4..].StartsWith("ftyp"u8))
        {
            return null;
        }

        var box = new byte[LongBoxHead + BoxHead + MovieBytes];
        var at = 0L;
        for (var boxes = 0; boxes < MostBoxes && at < sound.Length; boxes++)
        {
            var filled = await sound.FillAsync(at, box, cancellation);
            var (size, start) = filled >= LongBoxHead ? Size(box) : default;
            if (size < BoxHead)
            {
                return null;
            }

            if (box.AsSpan(4).StartsWith("moov"u8))
            {
                return filled == box.Length ? Movie(box.AsSpan(start)) : null;
            }

            at += size;
        }

        return null;
    }

    /// <returns>The size of the whole box, 0 where it goes on to the end, and where its content begins.</returns>
    private static (long Size, int Start) Size(ReadOnlySpan<byte> box) => BinaryPrimitives.ReadUInt32BigEndian(box) switch
    {
        1 => (BinaryPrimitives.ReadInt64BigEndian(box[BoxHead..]), LongBoxHead),
        var size => (size, BoxHead),
    };

    private static double? Movie(ReadOnlySpan<byte> content)
    {
        if (!content[4..].StartsWith("mvhd"u8))
        {
            return null;
        }

        var movie = content[BoxHead..];
        var (scale, duration) = movie[0] is 1
            ? (BinaryPrimitives.ReadUInt32BigEndian(movie[20..]), BinaryPrimitives.ReadUInt64BigEndian(movie[24..]))
            : (BinaryPrimitives.ReadUInt32BigEndian(movie[12..]), BinaryPrimitives.ReadUInt32BigEndian(movie[16..]));
        return scale > 0 && duration > 0 ? duration / (double)scale : null;
    }
}

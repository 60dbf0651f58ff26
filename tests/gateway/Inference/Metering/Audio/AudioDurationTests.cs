using System.Buffers.Binary;
using System.Text;
using Freeway.Gateway.Inference.Metering.Audio;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Metering.Audio;

public sealed class AudioDurationTests
{
    [Theory]
    [InlineData(8000, 1, 8000, 8000, 1)] // a second of 8 bits
    [InlineData(16000, 2, 40000, 40000, 2)] // 1.25 s
    [InlineData(48000, 4, 480000, 480000, 3)] // 2.5 s
    [InlineData(16000, 2, 64000, uint.MaxValue, 2)] // streamed: the header does not know
    [InlineData(16000, 2, 64000, 0u, 2)]
    [InlineData(16000, 2, 64000, 32000, 1)] // what follows the sound is none
    public async Task Wav_OfItsHeader_IsExact(int rate, short block, int bytes, uint said, long seconds) =>
        (await SecondsAsync(Wav(1, rate, block, bytes, said))).ShouldBe(seconds);

    [Fact]
    public async Task Wav_CompressedOrWithOtherChunks_IsReadToo()
    {
        (await SecondsAsync(Wav(2, 8000, 256, 40_000, 40_000, bytesPerSecond: 4_000))).ShouldBe(10);
        (await SecondsAsync(Wav(1, 8000, 1, 16_000, 16_000, junk: 27))).ShouldBe(2);
    }

    [Fact]
    public async Task Wav_OfAnAbsurdRate_IsNotBelieved() => (await SecondsAsync(Wav(1, int.MaxValue, 64, 12_288_000, 12_288_000))).ShouldBe(2);

    [Fact]
    public async Task Flac_OfItsFirstBlock_IsExact()
    {
        var flac = new byte[400_000];
        "fLaC"u8.CopyTo(flac);
        BinaryPrimitives.WriteUInt64BigEndian(flac.AsSpan(18), (44_100UL << 44) | (44_100UL * 12 + 1));

        (await SecondsAsync(flac)).ShouldBe(13);
    }

    [Theory]
    [InlineData(0xFB, 0x90, 160_000, 0, 10)] // 128 kbit/s
    [InlineData(0xF3, 0x40, 160_000, 0, 40)] // of the second version, 32 kbit/s
    [InlineData(0xFB, 0x90, 160_000, 70_000, 10)] // behind a tag with a picture
    public async Task Mp3_OfItsFirstFrame_IsByItsRate(byte second, byte third, int bytes, int tag, long seconds) =>
        (await SecondsAsync([.. Tag(tag), 0xFF, second, third, 0xC4, .. new byte[bytes - 4]])).ShouldBe(seconds);

    [Fact]
    public async Task Mp3_OfAVaryingRate_IsByItsFrames()
    {
        var mp3 = new byte[160_000];
        new byte[] { 0xFF, 0xFB, 0x90, 0x04 }.CopyTo(mp3, 0); // stereo: the note stands at 36
        "Xing"u8.CopyTo(mp3.AsSpan(36));
        mp3[43] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(mp3.AsSpan(44), 44_100 * 20 / 1152);

        (await SecondsAsync(mp3)).ShouldBe(20);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(100_000)]
    public async Task Ogg_OfItsLastPage_IsExact(int between)
    {
        byte[] opus = [.. Page(0, [.. "OpusHead"u8, 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]), .. new byte[between], .. Page(48_000 * 7, new byte[20]), .. Page(-1, new byte[20])];

        (await SecondsAsync([.. opus, .. new byte[20_000]])).ShouldBe(7);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(1, 30)]
    public async Task Mp4_WhoseMovieStandsBehindTheSound_IsExact(byte version, long seconds)
    {
        var movie = new byte[40];
        movie[0] = version;
        BinaryPrimitives.WriteUInt32BigEndian(movie.AsSpan(version is 1 ? 20 : 12), 600);
        BinaryPrimitives.WriteUInt32BigEndian(movie.AsSpan(version is 1 ? 28 : 16), 18_000);

        (await SecondsAsync([.. Box("ftyp", new byte[16]), .. Box("mdat", new byte[240_000]), .. Box("moov", Box("mvhd", movie))])).ShouldBe(seconds);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(500_000, 500)]
    public async Task Anything_ThatSaysNothing_IsAtTheLowestRate(int bytes, long seconds) =>
        (await SecondsAsync([.. Enumerable.Repeat((byte)'x', bytes)])).ShouldBe(seconds);

    [Fact]
    public async Task Header_ThatSaysLessThanTheSizeAllows_IsNotBelieved()
    {
        var flac = new byte[1_920_000];
        "fLaC"u8.CopyTo(flac);
        BinaryPrimitives.WriteUInt64BigEndian(flac.AsSpan(18), (44_100UL << 44) | 1);

        (await SecondsAsync(flac)).ShouldBe(10);
    }

    [Fact]
    public void Files_CutOffOrSpoilt_AreNeverAnError()
    {
        byte[][] files =
        [
            Wav(1, 8000, 1, 600, 600), [.. "fLaC"u8, .. new byte[600]], [.. Tag(40), 0xFF, 0xFB, 0x90, 0xC4, .. new byte[600]],
            [.. Page(0, [.. "\u0001vorbis"u8, .. new byte[20]]), .. Page(9, new byte[9])],
            [.. Box("ftyp", new byte[4]), .. Box("moov", Box("mvhd", new byte[30]))],
        ];
        Prop.ForAll(Gen.Elements(files).ToArbitrary(), Gen.Choose(1, 700).ToArbitrary(), Gen.Choose(0, 255).Two().ToArbitrary(), (file, length, spoil) =>
        {
            byte[] cut = [.. file.Take(length)];
            cut[spoil.Item1 % cut.Length] = (byte)spoil.Item2;
            return SecondsAsync(cut).Result >= 1;
        }).QuickCheckThrowOnFailure();
    }

    private static Task<long> SecondsAsync(byte[] file) => AudioDuration.SecondsAsync(new MemorySound(file), default).AsTask();

    private static byte[] Wav(short coding, int rate, short block, int bytes, uint said, int bytesPerSecond = 1, int junk = 0)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteInt16LittleEndian(format, coding);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), bytesPerSecond);
        BinaryPrimitives.WriteInt16LittleEndian(format.AsSpan(12), block);
        byte[] other = junk > 0 ? [.. Chunk("LIST", (uint)junk), .. new byte[junk + (junk & 1)]] : [];
        return [.. Chunk("RIFF", said), .. "WAVE"u8, .. other, .. Chunk("fmt ", 16), .. format, .. Chunk("data", said), .. new byte[bytes]];

        static byte[] Chunk(string name, uint size) => [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(size)];
    }

    private static byte[] Tag(int size) =>
        size is 0 ? [] : [.. "ID3"u8, 4, 0, 0, (byte)(size >> 21), (byte)((size >> 14) & 127), (byte)((size >> 7) & 127), (byte)(size & 127), .. new byte[size]];

    private static byte[] Page(long sample, byte[] packet) => [.. "OggS"u8, 0, 0, .. BitConverter.GetBytes(sample), .. new byte[12], 1, (byte)packet.Length, .. packet];

    private static byte[] Box(string name, byte[] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, content.Length + 8);
        return [.. size, .. Encoding.ASCII.GetBytes(name), .. content];
    }
}

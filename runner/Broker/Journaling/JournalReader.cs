using System.Buffers.Binary;

namespace Freeway.Runner.Broker.Journaling;

/// <summary>
/// Reads a journal up to the first record that is not whole: what a killed process was still writing.
/// </summary>
internal static class JournalReader
{
    private const int LongestRecord = 64 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "FWBRKR01"u8;

    /// <summary>The number of bytes at the end that were no whole record.</summary>
    /// <exception cref="InvalidDataException">The file is no journal.</exception>
    public static async Task<long> ReplayAsync(string path, IJournaled journaled)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1024 * 1024, useAsync: true);
        var header = new byte[JournalCodec.HeaderBytes];
        var read = await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).ConfigureAwait(false);
        if (!Magic.StartsWith(header.AsSpan(0, read)))
        {
            throw new InvalidDataException($"{path} is not a journal of this broker.");
        }

        var whole = file.Position;
        while (await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).ConfigureAwait(false)
            == header.Length)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is <= 0 or > LongestRecord || length > file.Length - file.Position)
            {
                break;
            }

            var payload = new byte[length];
            await file.ReadExactlyAsync(payload).ConfigureAwait(false);
            if (JournalCodec.Checksum(payload) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)))
            {
                break;
            }

            journaled.Replay(JournalCodec.Decode(payload));
            whole = file.Position;
        }

        return file.Length - whole;
    }
}

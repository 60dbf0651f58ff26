using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Freeway.Runner.Broker.Messages;

namespace Freeway.Runner.Broker.Journaling;

/// <summary>
/// Records as bytes, little-endian: <c>length:4 checksum:4 kind:1 sequence:8</c>, then what the kind needs.
/// The checksum covers all that follows it, so that a record torn by a crash is not taken for a whole one.
/// </summary>
internal static class JournalCodec
{
    public const int HeaderBytes = 8;
    private const int PrefixBytes = 1 + 8;
    private const int StoredBytes = PrefixBytes + 8 + 8 + 4 + 1 + 1 + 4;
    private const int NoMessageId = -1;

    public static int EncodedBytes(in JournalRecord record) => HeaderBytes + PayloadBytes(record);

    public static void Encode(in JournalRecord record, IBufferWriter<byte> output)
    {
        var size = PayloadBytes(record);
        var span = output.GetSpan(HeaderBytes + size)[..(HeaderBytes + size)];
        var payload = span[HeaderBytes..];
        payload[0] = (byte)record.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(payload[1..], record.Sequence);
        var rest = payload[PrefixBytes..];
        switch (record.Kind)
        {
            case JournalRecordKind.Stored:
                BinaryPrimitives.WriteInt64LittleEndian(rest, record.At.UtcTicks);
                BinaryPrimitives.WriteInt64LittleEndian(rest[8..], record.ExpiresAt?.UtcTicks ?? 0);
                BinaryPrimitives.WriteInt32LittleEndian(rest[16..], record.Deliveries);
                rest[20] = (byte)record.Lane;
                rest[21] = record.SetAside ? (byte)1 : (byte)0;
                var idBytes = record.MessageId is null ? NoMessageId : Encoding.UTF8.GetBytes(record.MessageId, rest[26..]);
                BinaryPrimitives.WriteInt32LittleEndian(rest[22..], idBytes);
                record.Content.Span.CopyTo(rest[(26 + Math.Max(0, idBytes))..]);
                break;
            case JournalRecordKind.Changed or JournalRecordKind.DeadLettered:
                record.Content.Span.CopyTo(rest);
                break;
            case JournalRecordKind.Seen:
                BinaryPrimitives.WriteInt64LittleEndian(rest, record.At.UtcTicks);
                Encoding.UTF8.GetBytes(record.MessageId!, rest[8..]);
                break;
            default:
                break;
        }

        BinaryPrimitives.WriteInt32LittleEndian(span, size);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Checksum(payload));
        output.Advance(HeaderBytes + size);
    }

    /// <summary>
    /// Reads what <see cref="Encode"/> wrote after the header; the record keeps the payload's memory.
    /// </summary>
    public static JournalRecord Decode(ReadOnlyMemory<byte> payload)
    {
        var record = new JournalRecord(
            (JournalRecordKind)payload.Span[0], BinaryPrimitives.ReadInt64LittleEndian(payload.Span[1..]));
        var memory = payload[PrefixBytes..];
        var rest = memory.Span;
        switch (record.Kind)
        {
            case JournalRecordKind.Stored:
                var expiry = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]);
                var idBytes = BinaryPrimitives.ReadInt32LittleEndian(rest[22..]);
                return record with
                {
                    At = Time(BinaryPrimitives.ReadInt64LittleEndian(rest)),
                    ExpiresAt = expiry == 0 ? null : Time(expiry),
                    Deliveries = BinaryPrimitives.ReadInt32LittleEndian(rest[16..]),
                    Lane = (Lane)rest[20],
                    SetAside = rest[21] == 1,
                    MessageId = idBytes == NoMessageId ? null : Encoding.UTF8.GetString(rest.Slice(26, idBytes)),
                    Content = memory[(26 + Math.Max(0, idBytes))..],
                };
            case JournalRecordKind.Changed or JournalRecordKind.DeadLettered:
                return record with { Content = memory };
            case JournalRecordKind.Seen:
                return record with
                {
                    At = Time(BinaryPrimitives.ReadInt64LittleEndian(rest)),
                    MessageId = Encoding.UTF8.GetString(rest[8..]),
                };
            default:
                return record;
        }
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return ~crc;
    }

    private static int PayloadBytes(in JournalRecord record) => record.Kind switch
    {
        JournalRecordKind.Stored => StoredBytes + IdBytes(record) + record.Content.Length,
        JournalRecordKind.Changed or JournalRecordKind.DeadLettered => PrefixBytes + record.Content.Length,
        JournalRecordKind.Seen => PrefixBytes + 8 + IdBytes(record),
        _ => PrefixBytes,
    };

    private static int IdBytes(in JournalRecord record) =>
        record.MessageId is null ? 0 : Encoding.UTF8.GetByteCount(record.MessageId);

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

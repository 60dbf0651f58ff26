using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Serializes activity records for the ledger's outbox and for the queue: in snake case, without nulls.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ActivityRecord))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>), TypeInfoPropertyName = "Headers")]
[JsonSerializable(typeof(IReadOnlyList<RouteAttempt>), TypeInfoPropertyName = "Attempts")]
[JsonSerializable(typeof(IReadOnlyList<BookedAmount>), TypeInfoPropertyName = "Booked")]
[JsonSerializable(typeof(IReadOnlyList<ReachedLimit>), TypeInfoPropertyName = "Reached")]
public sealed partial class ActivityJson : JsonSerializerContext
{
    /// <summary>
    /// Within <see cref="ActivityBounds"/>, so that every record fits its ledger row, its message and its table row.
    /// </summary>
    public static byte[] Write(ActivityRecord record) =>
        ActivityRecordWriter.Write(ActivityBounds.Apply(record));

    /// <summary>
    /// The trace that a record as <see cref="Write"/> makes it belongs to, without reading the rest; null where it has
    /// none.
    /// </summary>
    public static string? TraceOf(ReadOnlySpan<byte> json)
    {
        // A quote within a string is escaped, so these bytes are the member and nothing else.
        var name = "\"trace\":\""u8;
        var at = json.IndexOf(name);
        var value = at < 0 ? default : json[(at + name.Length)..];
        return value.IndexOf((byte)'"') is > 0 and <= 64 and var length ? Encoding.ASCII.GetString(value[..length]) : null;
    }

    /// <summary>Joins records as <see cref="Write"/> makes them: one stays as it is, several become an array.</summary>
    public static ReadOnlyMemory<byte> Group(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records is [var only])
        {
            return only;
        }

        var group = new byte[records.Sum(record => record.Length + 1) + 1];
        var end = 0;
        foreach (var record in records)
        {
            group[end++] = (byte)(end is 1 ? '[' : ',');
            record.Span.CopyTo(group.AsSpan(end));
            end += record.Length;
        }

        group[end] = (byte)']';
        return group;
    }

    /// <summary>Tells whether a message holds several records.</summary>
    public static bool IsGroup(ReadOnlySpan<byte> message) => message is [(byte)'[', ..];

    /// <summary>Takes apart what <see cref="Group"/> has joined, without reading the records.</summary>
    /// <exception cref="JsonException">It is a group by its first byte, and no array of objects.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> message)
    {
        if (!IsGroup(message.Span))
        {
            return [message];
        }

        var records = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(message.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            records.Add(message[start..(int)reader.BytesConsumed]);
        }

        // Only what is whole to its end is taken apart: this throws where something follows the array.
        reader.Read();
        return records.Count > 0 ? records : throw new JsonException("The message holds no record.");
    }

    /// <exception cref="JsonException">These bytes are no activity record.</exception>
    public static ActivityRecord Read(ReadOnlySpan<byte> json)
    {
        var record = ActivityRecordReader.TryRead(json)
            ?? JsonSerializer.Deserialize(json, Default.ActivityRecord)
            ?? throw new JsonException("The record is null.");
        return ActivityBounds.Fault(record) is { } fault ? throw new JsonException(fault) : record;
    }
}

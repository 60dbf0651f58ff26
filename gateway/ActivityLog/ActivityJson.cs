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
        JsonSerializer.SerializeToUtf8Bytes(ActivityBounds.Apply(record), Default.ActivityRecord);

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

    /// <exception cref="JsonException">These bytes are no activity record.</exception>
    public static ActivityRecord Read(ReadOnlySpan<byte> json)
    {
        var record = JsonSerializer.Deserialize(json, Default.ActivityRecord) ?? throw new JsonException("The record is null.");
        return ActivityBounds.Fault(record) is { } fault ? throw new JsonException(fault) : record;
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.ActivityLog;

/// <summary>How an activity record is written in the ledger's outbox and on the queue.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ActivityRecord))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>), TypeInfoPropertyName = "Headers")]
[JsonSerializable(typeof(IReadOnlyList<RouteAttempt>), TypeInfoPropertyName = "Attempts")]
[JsonSerializable(typeof(IReadOnlyList<BookedAmount>), TypeInfoPropertyName = "Booked")]
public sealed partial class ActivityJson : JsonSerializerContext
{
    /// <summary>Within <see cref="ActivityBounds"/>, so that every record fits its ledger row, its message and its table row.</summary>
    public static byte[] Write(ActivityRecord record) =>
        JsonSerializer.SerializeToUtf8Bytes(ActivityBounds.Apply(record), Default.ActivityRecord);

    /// <exception cref="JsonException">These bytes are no activity record.</exception>
    public static ActivityRecord Read(ReadOnlySpan<byte> json)
    {
        var record = JsonSerializer.Deserialize(json, Default.ActivityRecord) ?? throw new JsonException("The record is null.");
        return ActivityBounds.Fault(record) is { } fault ? throw new JsonException(fault) : record;
    }
}

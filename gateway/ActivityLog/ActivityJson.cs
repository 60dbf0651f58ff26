using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.ActivityLog;

/// <summary>How an activity record is written in the ledger's outbox and on the queue.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ActivityRecord))]
public sealed partial class ActivityJson : JsonSerializerContext
{
    public static byte[] Write(ActivityRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.ActivityRecord);

    /// <exception cref="JsonException">These bytes are no activity record.</exception>
    public static ActivityRecord Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Default.ActivityRecord) ?? throw new JsonException("The record is null.");
}

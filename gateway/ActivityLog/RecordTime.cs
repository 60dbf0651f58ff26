using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freeway.Gateway.ActivityLog;

/// <summary>A record's time in UTC at full width, so that times sort as text: milliseconds, or all there is of a time that is finer.</summary>
public sealed class RecordTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(
        value.UtcDateTime.ToString(
            value.Ticks % TimeSpan.TicksPerMillisecond is 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
}

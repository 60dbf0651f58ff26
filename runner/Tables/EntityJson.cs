using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Freeway.EmbeddedTables;

/// <summary>
/// An entity's own properties as the file holds them: in the service's JSON, where <c>Name@odata.type</c> before a
/// property tells what JSON cannot.
/// </summary>
internal static class EntityJson
{
    private const string TypeSuffix = "@odata.type";

    private static readonly JsonWriterOptions Written = new()
    {
        // The file is read by us and by operators, and by no browser.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes the properties; keys, timestamp and ETag are apart from them.</summary>
    /// <exception cref="NotSupportedException">A value is of a type that the service does not know.</exception>
    /// <exception cref="ArgumentException">A number is infinite, which the SDK writes as little.</exception>
    public static byte[] Write(IEnumerable<KeyValuePair<string, object?>> properties)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(buffer, Written);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            if (value is not null && !EntityLimits.IsSystem(name))
            {
                Write(writer, name, value);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="select">The names wanted; null for all.</param>
    public static TableEntity Read(
        ReadOnlySpan<byte> json, string partition, string row, long version, IReadOnlySet<string>? select)
    {
        var entity = new TableEntity();
        if (select is null || select.Contains(nameof(ITableEntity.PartitionKey)))
        {
            entity.PartitionKey = partition;
        }

        if (select is null || select.Contains(nameof(ITableEntity.RowKey)))
        {
            entity.RowKey = row;
        }

        if (select is null || select.Contains(nameof(ITableEntity.Timestamp)))
        {
            entity.Timestamp = new DateTimeOffset(version, TimeSpan.Zero);
        }

        entity.ETag = new ETag(VersionTag.Text(version));
        var reader = new Utf8JsonReader(json);
        reader.Read();
        string? type = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.HasValueSequence is false && reader.ValueSpan.EndsWith("@odata.type"u8))
            {
                reader.Read();
                type = reader.GetString();
                continue;
            }

            var name = reader.GetString()!;
            reader.Read();
            if (select is null || select.Contains(name))
            {
                entity[name] = Value(ref reader, type);
            }

            type = null;
        }

        return entity;
    }

    private static void Write(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteString(name, text);
                break;
            case bool truth:
                writer.WriteBoolean(name, truth);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case long number:
                WriteTyped(writer, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number when double.IsInfinity(number):
                throw new ArgumentException($"The property {name} is infinite.", nameof(value));
            case double number:
                WriteTyped(writer, name, "Edm.Double", number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                WriteTyped(writer, name, "Edm.DateTime", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                WriteTyped(
                    writer, name, "Edm.DateTime", time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
                break;
            case Guid id:
                WriteTyped(writer, name, "Edm.Guid", id.ToString("D", CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                writer.WriteString(name + TypeSuffix, "Edm.Binary");
                writer.WriteBase64String(name, bytes);
                break;
            case BinaryData bytes:
                writer.WriteString(name + TypeSuffix, "Edm.Binary");
                writer.WriteBase64String(name, bytes.ToMemory().Span);
                break;
            case Enum word:
                writer.WriteString(name, word.ToString());
                break;
            default:
                throw new NotSupportedException(
                    $"The property {name} is of the type {value.GetType()}, which tables do not hold.");
        }
    }

    private static void WriteTyped(Utf8JsonWriter writer, string name, string type, string value)
    {
        writer.WriteString(name + TypeSuffix, type);
        writer.WriteString(name, value);
    }

    private static object Value(ref Utf8JsonReader reader, string? type) => type switch
    {
        "Edm.Int64" => long.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
        "Edm.Double" => double.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
        "Edm.DateTime" => new DateTimeOffset(DateTime.Parse(
            reader.GetString()!,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal)),
        "Edm.Guid" => reader.GetGuid(),
        "Edm.Binary" => reader.GetBytesFromBase64(),
        null => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.GetInt32(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw new InvalidDataException($"The file holds a property of the JSON type {reader.TokenType}."),
        },
        _ => throw new InvalidDataException(
            $"The file holds a property of the type {type}, which this Freeway does not know."),
    };
}

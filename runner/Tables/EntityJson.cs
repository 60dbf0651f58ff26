using System.Buffers;
using System.Collections.Concurrent;
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
    /// <param name="refused">The error with which the service would refuse them; null where it would take them.</param>
    /// <exception cref="NotSupportedException">A value is of a type that the service does not know.</exception>
    /// <exception cref="ArgumentException">A number is infinite, which the SDK writes as little.</exception>
    public static byte[] Write(
        string partition, string row, IEnumerable<KeyValuePair<string, object?>> properties, out TableError? refused)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(buffer, Written);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        refused = null;
        var tally = new EntityLimits.Tally(partition, row);
        foreach (var (name, value) in properties)
        {
            if (value is null || EntityLimits.IsSystem(name))
            {
                continue;
            }

            // What is refused is written all the same: how long it is tells whether a transaction is too long.
            var known = PropertyName.Of(name, out var invalid);
            refused ??= invalid ?? tally.Add(name, value);
            Write(writer, known, value);
        }

        writer.WriteEndObject();
        writer.Flush();
        refused ??= tally.Check();
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

    private static void Write(Utf8JsonWriter writer, PropertyName name, object value)
    {
        Span<byte> text = stackalloc byte[64];
        var length = 0;
        switch (value)
        {
            case string characters:
                writer.WriteString(name.Name, characters);
                break;
            case bool truth:
                writer.WriteBoolean(name.Name, truth);
                break;
            case int number:
                writer.WriteNumber(name.Name, number);
                break;
            case long number:
                number.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
                WriteTyped(writer, name, EdmType.Int64, text[..length]);
                break;
            case double number when double.IsInfinity(number):
                throw new ArgumentException($"The property {name.Name} is infinite.", nameof(value));
            case double number:
                number.TryFormat(text, out length, "R", CultureInfo.InvariantCulture);
                WriteTyped(writer, name, EdmType.Double, text[..length]);
                break;
            case DateTimeOffset time:
                time.UtcDateTime.TryFormat(text, out length, "O", CultureInfo.InvariantCulture);
                WriteTyped(writer, name, EdmType.DateTime, text[..length]);
                break;
            case DateTime time:
                time.ToUniversalTime().TryFormat(text, out length, "O", CultureInfo.InvariantCulture);
                WriteTyped(writer, name, EdmType.DateTime, text[..length]);
                break;
            case Guid id:
                id.TryFormat(text, out length, "D");
                WriteTyped(writer, name, EdmType.Guid, text[..length]);
                break;
            case byte[] bytes:
                writer.WriteString(name.Type, EdmType.Binary);
                writer.WriteBase64String(name.Name, bytes);
                break;
            case BinaryData bytes:
                writer.WriteString(name.Type, EdmType.Binary);
                writer.WriteBase64String(name.Name, bytes.ToMemory().Span);
                break;
            case Enum word:
                writer.WriteString(name.Name, word.ToString());
                break;
            default:
                throw new NotSupportedException(
                    $"The property {name.Name} is of the type {value.GetType()}, which tables do not hold.");
        }
    }

    private static void WriteTyped(
        Utf8JsonWriter writer, PropertyName name, JsonEncodedText type, ReadOnlySpan<byte> value)
    {
        writer.WriteString(name.Type, type);
        writer.WriteString(name.Name, value);
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

/// <summary>The types of properties that JSON cannot tell.</summary>
internal static class EdmType
{
    public static readonly JsonEncodedText Int64 = JsonEncodedText.Encode("Edm.Int64");
    public static readonly JsonEncodedText Double = JsonEncodedText.Encode("Edm.Double");
    public static readonly JsonEncodedText DateTime = JsonEncodedText.Encode("Edm.DateTime");
    public static readonly JsonEncodedText Guid = JsonEncodedText.Encode("Edm.Guid");
    public static readonly JsonEncodedText Binary = JsonEncodedText.Encode("Edm.Binary");
}

/// <summary>
/// A property's name as JSON has it. A table's rows have the same names again and again, so they are checked and
/// encoded once.
/// </summary>
internal sealed class PropertyName
{
    /// <summary>Names beyond so many are made anew each time: no tables of ours have as many.</summary>
    private const int MostKnown = 4096;

    private static readonly ConcurrentDictionary<string, PropertyName> Known = new(StringComparer.Ordinal);

    private PropertyName(string name)
    {
        Name = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        Type = JsonEncodedText.Encode(name + "@odata.type", JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    }

    public JsonEncodedText Name { get; }

    /// <summary>Gets the name of the member that tells the property's type.</summary>
    public JsonEncodedText Type { get; }

    /// <param name="refused">
    /// The error with which the service would refuse the name; null where it would take it.
    /// </param>
    public static PropertyName Of(string name, out TableError? refused)
    {
        refused = null;
        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        refused = EntityLimits.CheckName(name);
        var made = new PropertyName(name);
        return refused is null && Known.Count < MostKnown ? Known.GetOrAdd(name, made) : made;
    }
}

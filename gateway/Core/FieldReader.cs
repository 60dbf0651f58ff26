using System.Text.Json;

namespace Freeway.Gateway.Core;

/// <summary>
/// Reads the members of a JSON object one by one and collects all that is wrong with them, members that nobody asked
/// for included. What is wrong reads as null, as does what is left out or null; <see cref="Has"/> tells the two apart
/// from a value.
/// </summary>
public sealed class FieldReader
{
    /// <summary>A member that is there twice is refused: nobody could say which of them is meant.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonElement _object;
    private readonly string _place;
    private readonly List<FieldError> _errors;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private FieldReader(JsonElement json, string place, List<FieldError> errors) => (
        _object, _place, _errors) = (json, place, errors);

    /// <summary>All that was found wrong up to now, those of inner objects included.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <param name="json">A whole body; nothing at all is read as an object without members.</param>
    public static Result<FieldReader> Open(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.IsEmpty ? "{}"u8.ToArray() : json, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? new FieldReader(document.RootElement.Clone(), "", [])
                : Refuse.InvalidJson("it must be an object.");
        }
        catch (JsonException wrong)
        {
            return Refuse.InvalidJson(wrong.Message);
        }
    }

    /// <summary>Tells whether the object has a member, be it one whose value is null.</summary>
    public bool Has(string name) => _object.TryGetProperty(name, out _);

    /// <summary>The member as it stands; null where it is left out or null.</summary>
    public JsonElement? Element(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }

    public string? Text(string name, int longest, Func<string, bool>? holds = null, string? must = null)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String && value.GetString() is { } text && text.Length <= longest && text.Length > 0 && holds?.Invoke(text) is not false)
        {
            return text;
        }

        Add(name, must ?? $"must be a string of 1 to {longest} characters");
        return null;
    }

    public bool? Flag(string name)
    {
        var value = Element(name);
        return value?.ValueKind switch
        {
            null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Wrong<bool>(name, "must be true or false"),
        };
    }

    public long? Whole(string name, long least, long most)
    {
        var value = Element(name);
        return value is null ? null
            : value.Value.ValueKind is JsonValueKind.Number && value.Value.TryGetInt64(out var number) && number >= least && number <= most ? number
            : Wrong<long>(name, $"must be a whole number, {least} to {most}");
    }

    public DateTimeOffset? Time(string name)
    {
        var value = Element(name);
        return value is null ? null
            : value.Value.ValueKind is JsonValueKind.String && value.Value.TryGetDateTimeOffset(
                out var time) ? time.ToUniversalTime()
            : Wrong<DateTimeOffset>(name, "must be a time in ISO 8601, e.g. \"2027-01-01T00:00:00Z\"");
    }

    /// <summary>The enum's member that a string names.</summary>
    public T? Word<T>(string name, WireNames<T> words)
        where T : struct, Enum
    {
        var value = Element(name);
        return value is null ? null
            : value.Value.ValueKind is not JsonValueKind.String ? Wrong<T>(name, $"must be one of {words}")
            : words.Find(value.Value.GetString()!) is { } member ? member
            : Wrong<T>(name, $"must be one of {words}");
    }

    public IReadOnlyList<string>? Texts(string name, int most, int longest)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() <= most
            && value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.String && one.GetString() is { Length: > 0 } text && text.Length <= longest))
        {
            return [.. value.EnumerateArray().Select(one => one.GetString()!)];
        }

        Add(name, $"must be a list of at most {most} strings of 1 to {longest} characters");
        return null;
    }

    /// <summary>Readers of the objects in a list, whose errors are this one's too.</summary>
    public IReadOnlyList<FieldReader>? Objects(string name, int most)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() <= most && value.EnumerateArray().All(
            one => one.ValueKind is JsonValueKind.Object))
        {
            return [.. value.EnumerateArray().Select(
                (one, index) => new FieldReader(one, $"{_place}{name}[{index}].", _errors))];
        }

        Add(name, $"must be a list of at most {most} objects");
        return null;
    }

    /// <summary>A member that must be there.</summary>
    public void Require(string name)
    {
        if (Element(name) is null)
        {
            Add(name, "is missing");
        }
    }

    /// <summary>Notes what is wrong with a member.</summary>
    /// <param name="wrong">Without the member's name, e.g. <c>must be above 0</c>.</param>
    public void Add(string name, string wrong) => _errors.Add(
        new FieldError(_place + name, $"'{_place}{name}' {wrong}."));

    /// <summary>Notes the members that nobody asked for: call it once all others are read.</summary>
    public void Close()
    {
        foreach (var member in _object.EnumerateObject().Select(member => member.Name).Where(
            name => !_known.Contains(name)).Distinct())
        {
            var shown = member.Length <= 80 ? member : member[..80] + "…";
            Add(shown, $"is not known here; there are {string.Join(", ", _known)}");
        }
    }

    private T? Wrong<T>(string name, string wrong)
        where T : struct
    {
        Add(name, wrong);
        return null;
    }
}

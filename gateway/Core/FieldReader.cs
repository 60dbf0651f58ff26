using System.Text.Json;

namespace Freeway.Gateway.Core;

/// <summary>
/// Reads the members of a JSON object one by one and collects all that is wrong with them, members that
/// nobody reads included. A member that is wrong reads as null, as does one that is left out or null; <see cref="Has"/>
/// tells whether it is given.
/// </summary>
public sealed class FieldReader
{
    /// <summary>A member that is there twice is refused: nobody could say which of them is meant.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonElement _object;
    private readonly string _path;
    private readonly List<FieldError> _errors;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private FieldReader(JsonElement json, string path, List<FieldError> errors) =>
        (_object, _path, _errors) = (json, path, errors);

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

    /// <summary>True where the member is given, be it as null.</summary>
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

        var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
        var hasLength = text.Length > 0 && text.Length <= longest;
        if (hasLength && holds?.Invoke(text) is not false)
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
        if (Element(name) is not { } value)
        {
            return null;
        }

        long number = 0;
        var isWhole = value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out number);
        return isWhole && number >= least && number <= most
            ? number
            : Wrong<long>(name, $"must be a whole number, {least} to {most}");
    }

    public DateTimeOffset? Time(string name)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind is JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime()
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

        var isList = value.ValueKind is JsonValueKind.Array && value.GetArrayLength() <= most;
        if (isList && value.EnumerateArray().All(IsText))
        {
            return [.. value.EnumerateArray().Select(one => one.GetString()!)];
        }

        Add(name, $"must be a list of at most {most} strings of 1 to {longest} characters");
        return null;

        bool IsText(JsonElement one) =>
            one.ValueKind is JsonValueKind.String && one.GetString() is { Length: > 0 } text && text.Length <= longest;
    }

    /// <summary>Readers of the objects in a list, whose errors are this one's too.</summary>
    public IReadOnlyList<FieldReader>? Objects(string name, int most)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        var isList = value.ValueKind is JsonValueKind.Array && value.GetArrayLength() <= most;
        if (isList && value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.Object))
        {
            return [.. value.EnumerateArray().Select(
                (one, index) => new FieldReader(one, $"{_path}{name}[{index}].", _errors))];
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
    public void Add(string name, string wrong) =>
        _errors.Add(new FieldError(_path + name, $"'{_path}{name}' {wrong}."));

    /// <summary>Notes the members that nobody asked for: call it once all others are read.</summary>
    public void Close()
    {
        var names = _object.EnumerateObject().Select(member => member.Name);
        foreach (var member in names.Where(name => !_known.Contains(name)).Distinct())
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

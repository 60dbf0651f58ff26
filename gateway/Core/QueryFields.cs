using System.Globalization;

namespace Freeway.Gateway.Core;

/// <summary>Reads the fields of a query as callers write them, and notes what is wrong with them.</summary>
/// <param name="field">A field's value; null or empty where it is not given.</param>
internal sealed class QueryFields(Func<string, string?> field)
{
    private readonly List<FieldError> _wrong = [];

    /// <summary>All that is wrong; null where all that was read is right.</summary>
    public Refusal? Refusal => _wrong.Count is 0 ? null : Refuse.InvalidFields(_wrong);

    public string? Text(string name) => field(name) is { Length: > 0 } value ? value : null;

    public int? Number(string name, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Wrong<int>(name, $"'{name}' must be a whole number from {least} to {most}.");
    }

    /// <summary>The enum's member that the field names, in whatever case.</summary>
    public T? Word<T>(string name, WireNames<T> words)
        where T : struct, Enum =>
        Text(name) is not { } text ? null
        : words.Find(text.ToLowerInvariant()) is { } member ? member
        : Wrong<T>(name, $"'{name}' must be one of {words}.");

    /// <summary>Several of these words, with commas between them; empty where the field is not given.</summary>
    public IReadOnlySet<string> Words(string name, IReadOnlyList<string> words)
    {
        var found = (Text(name) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => text.ToLowerInvariant()).ToHashSet();
        if (!found.IsSubsetOf(words))
        {
            Wrong(name, $"'{name}' must be one or several of {string.Join(", ", words)}, with commas between them.");
        }

        return found;
    }

    /// <summary>A date is its first moment.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        // A plus sign that was not percent-encoded arrives as a space.
        return DateTimeOffset.TryParse(
            text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : Wrong<DateTimeOffset>(
                name, $"'{name}' must be an ISO 8601 date or time, e.g. 2026-11-21 or 2026-11-21T08:15:00Z.");
    }

    public DateOnly? Day(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : Wrong<DateOnly>(name, $"'{name}' must be a date, e.g. 2026-11-21.");
    }

    public T? NoCursor<T>()
        where T : struct =>
        Wrong<T>(
            "cursor",
            "'cursor' is not one that this gateway gave out for this list. Leave it out to start at the newest.");

    public string? Wrong(string name, string message)
    {
        _wrong.Add(new FieldError(name, message));
        return null;
    }

    private T? Wrong<T>(string name, string message)
        where T : struct
    {
        Wrong(name, message);
        return null;
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// Collects what is wrong, each with its place, while reading goes on with something harmless instead.
/// </summary>
internal sealed partial class CatalogueErrors
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<string> All => [.. _errors.Select(error => error.Message)];

    /// <summary>All errors, each with its place apart from its message.</summary>
    public IReadOnlyList<FieldError> Faults => _errors;

    public void Add(string at, string wrong) => _errors.Add(new FieldError(at, $"{at}: {wrong}"));

    /// <summary>The file cannot be read at all, or has something in it that nobody reads.</summary>
    /// <param name="file">What stands before the place; empty for the catalogue itself.</param>
    public void Add(string file, JsonException unreadable) =>
        Add($"{file}{unreadable.Path ?? "$"}", Describe(unreadable));

    /// <summary>Notes an error unless something holds, and returns whether it does.</summary>
    public bool Check(bool holds, string at, string wrong)
    {
        if (!holds)
        {
            Add(at, wrong);
        }

        return holds;
    }

    public void Name(string? name, string at) => Check(name is not null && NamePattern.IsMatch(name), at, "must be lower-case letters, digits and dashes");

    /// <summary>The enum's member that a word names; null, with an error, where it names none.</summary>
    public T? Word<T>(string? word, WireNames<T> words, string at)
        where T : struct, Enum
    {
        if (word is not null && words.Find(word) is { } member)
        {
            return member;
        }

        Add(at, $"must be one of {words}" + (word is null ? "" : $", not '{word}'"));
        return null;
    }

    /// <summary>Reads ids and patterns; all models where the list is left out.</summary>
    public ModelSet Models(IReadOnlyList<string?>? patterns, string at)
    {
        if (patterns is null)
        {
            return ModelSet.All;
        }

        var sound = Check(
                patterns.Count > 0 && patterns.All(pattern => pattern is { Length: > 0 } and not "!" && !pattern.Any(sign => sign is '?' or '\\' || char.IsControl(sign))),
                at, "must name models by id, with * for any characters and ! before those that are not meant")
            && Check(patterns.Any(pattern => pattern![0] is not '!'), at, "must name a model that is meant, e.g. \"*\"");
        return sound ? new ModelSet([.. patterns!]) : ModelSet.All;
    }

    /// <summary>Converts a decimal to a whole number of the units that are counted.</summary>
    public long Whole(decimal amount, long scale, string at)
    {
        if (amount > long.MaxValue / (decimal)scale)
        {
            Add(at, $"must be at most {long.MaxValue / scale}");
            return 0;
        }

        var counted = amount * scale;
        Check(counted == decimal.Truncate(counted), at, scale is 1 ? "must be a whole number" : $"must be a whole number of 1/{scale}");
        return (long)counted;
    }

    /// <summary>
    /// Converts USD to nano-dollars; 0 where the amount is left out. Negative amounts and those above 1,000,000 are
    /// errors.
    /// </summary>
    public long Nanos(decimal? usd, string at)
    {
        Check(usd is null or (>= 0 and <= 1_000_000), at, "must be 0 to 1000000 USD");
        return usd is >= 0 and <= 1_000_000 ? Whole(usd.Value, Money.NanosPerDollar, at) : 0;
    }

    /// <summary>Describes what is unreadable in the words of those who write catalogues.</summary>
    private static string Describe(JsonException unreadable) =>
        unreadable.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"there is no member '{unreadable.Message.Split('\'')[1]}' here"
        : unreadable.Message.Contains("could not be converted", StringComparison.Ordinal) ? "is of another kind than it must be, e.g. a text where a list belongs"
        : $"{unreadable.Message.Split([" Path: ", " LineNumber: "], StringSplitOptions.None)[0]} (line {unreadable.LineNumber + 1}, byte {unreadable.BytePositionInLine + 1})";

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    public static partial Regex NamePattern { get; }
}

using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace Freeway.Adapters.Tables;

/// <summary>
/// Keeps a text that may be longer than one property can hold: in as many as it takes, <c>Json</c>, <c>Json2</c>,
/// <c>Json3</c> and so on.
/// </summary>
internal static class LongText
{
    /// <summary>The most of a text that one property holds, in UTF-16 code units; the service takes 64 KiB.</summary>
    private const int MostOfOne = 32_000;

    /// <summary>An entity holds 1 MiB.</summary>
    public const int Most = 400_000;

    /// <exception cref="ArgumentException">The text is longer than <see cref="Most"/>.</exception>
    public static void Write(TableEntity entity, string name, string? text)
    {
        if (text?.Length > Most)
        {
            throw new ArgumentException($"A text of {text.Length} characters is longer than the {Most} that a row takes.", nameof(text));
        }

        for (var (part, start) = (1, 0); start < text?.Length || (part is 1 && text is ""); part++, start += MostOfOne)
        {
            entity[Name(name, part)] = text.Substring(start, Math.Min(MostOfOne, text.Length - start));
        }
    }

    public static string? Read(TableEntity entity, string name)
    {
        if (entity.GetString(name) is not { } first)
        {
            return null;
        }

        var text = new StringBuilder(first);
        for (var part = 2; entity.GetString(Name(name, part)) is { } more; part++)
        {
            text.Append(more);
        }

        return text.ToString();
    }

    private static string Name(string name, int part) => part is 1 ? name : name + part.ToString(CultureInfo.InvariantCulture);
}

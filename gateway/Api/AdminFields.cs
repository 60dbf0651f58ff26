using System.Text.RegularExpressions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Reads and writes the fields that several kinds of documents have in common.</summary>
internal static partial class AdminFields
{
    public const int LongestName = 200;
    public const string IdRule = "must be 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit "
        + "first";

    private const string OfEndUserRule = "must not be eu_ and 32 hex digits, which is how an end user is named";

    public static bool IsId(string id) => IdPattern.IsMatch(id);

    /// <summary>An id that is given, or null.</summary>
    public static string? Id(this FieldReader fields, string name = "id")
    {
        var id = fields.Text(name, 64, IsId, IdRule);
        if (id is not null && EndUserId.IsHash(id))
        {
            // A counter tells by its subject whether it is an end user's, and is dropped when it idles.
            fields.Add(name, OfEndUserRule);
            return null;
        }

        return id;
    }

    public static Overflow? Overflow(this FieldReader fields) => fields.Word("overflow", WireNames.Of<Overflow>());

    public static string? Usd(long? nanos) => nanos is { } amount ? Money.Format(amount) : null;

    /// <summary>
    /// Reads an amount of USD, in nano-dollars. The digits are read as they are written: money is never a
    /// floating-point number.
    /// </summary>
    public static long? Usd(this FieldReader fields, string name)
    {
        if (fields.Element(name) is not { } value)
        {
            return null;
        }

        if (Money.Read(value) is { } nanos)
        {
            return nanos;
        }

        fields.Add(name, Money.Rule);
        return null;
    }

    /// <summary>
    /// Reads whether the document is to be deleted or brought back; the time stays where it is deleted already.
    /// </summary>
    public static DateTimeOffset? DeletedAt(this FieldReader fields, DateTimeOffset? was, DateTimeOffset now) => fields.Flag("deleted") switch
    {
        true => was ?? now,
        false => null,
        null => was,
    };

    /// <summary>
    /// Takes the value that is given, else the one before; notes a member that is null and must not be.
    /// </summary>
    public static T Needed<T>(this FieldReader fields, string name, T? given, T was)
    {
        if (fields.Has(name) && fields.Element(name) is null)
        {
            fields.Add(name, "must not be null");
        }

        return given ?? was;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex IdPattern { get; }
}

/// <summary>Reads patterns of model ids, as the catalogue's plans have them.</summary>
internal static class ModelFields
{
    private const int Most = 100;
    private const int Longest = 200;

    public static IReadOnlyList<string>? Models(this FieldReader fields, string name)
    {
        if (fields.Texts(name, Most, Longest) is not { } patterns)
        {
            return null;
        }

        if (patterns.Any(pattern => pattern is "!" || pattern.Any(sign => sign is '?' or '\\' || char.IsControl(sign))))
        {
            fields.Add(name, "must name models by id, with * for any characters and ! before those that are not meant");
        }
        else if (!patterns.Any(pattern => pattern[0] is not '!'))
        {
            fields.Add(name, "must name a model that is meant, e.g. \"*\"; null is for all");
        }

        return patterns;
    }
}

using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

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

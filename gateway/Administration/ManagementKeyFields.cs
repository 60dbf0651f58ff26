using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

/// <summary>Reads a management key, or what is to change about one: what is left out stays, what is null is taken away.</summary>
internal static class ManagementKeyFields
{
    private static readonly Dictionary<string, AdminScope> Words =
        Enum.GetValues<AdminScope>().ToDictionary(scope => scope.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>The key as it shall be.</summary>
    public static ManagementKey Read(FieldReader fields, ManagementKey was, DateTimeOffset now)
    {
        var (expires, scopes) = (fields.Time("expires_at"), Scopes(fields));
        var key = was with
        {
            Label = fields.Needed("label", fields.Text("label", AdminFields.LongestName), was.Label),
            Scopes = fields.Needed("scopes", scopes, was.Scopes),
            Disabled = fields.Needed("disabled", fields.Flag("disabled"), was.Disabled) ?? false,
            ExpiresAt = fields.Has("expires_at") ? expires : was.ExpiresAt,
            DeletedAt = fields.DeletedAt(was.DeletedAt, now),
        };
        fields.Close();
        return key;
    }

    private static IReadOnlyList<AdminScope>? Scopes(FieldReader fields)
    {
        if (fields.Texts("scopes", Words.Count, 20) is not { } words)
        {
            return null;
        }

        if (words.Count is 0 || !words.All(Words.ContainsKey) || words.Distinct().Count() != words.Count)
        {
            fields.Add("scopes", $"must name some of {string.Join(", ", Words.Keys)}, each once");
            return null;
        }

        return [.. words.Select(word => Words[word]).Order()];
    }
}

using Freeway.Gateway.Core;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Administration;

/// <summary>Reads a management key, or what is to change about one: what is left out stays, what is null is taken away.</summary>
internal static class ManagementKeyFields
{
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

    private static List<AdminScope>? Scopes(FieldReader fields)
    {
        var known = WireNames.Of<AdminScope>();
        if (fields.Texts("scopes", known.Names.Count, 20) is not { } words)
        {
            return null;
        }

        var scopes = words.Select(known.Find).OfType<AdminScope>().Distinct().Order().ToList();
        if (words.Count is 0 || scopes.Count != words.Count)
        {
            fields.Add("scopes", $"must name some of {known}, each once");
            return null;
        }

        return scopes;
    }
}

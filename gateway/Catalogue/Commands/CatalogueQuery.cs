using System.Globalization;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Catalogue.Commands;

/// <summary>How a change is to be made.</summary>
/// <param name="DryRun">Only to report.</param>
/// <param name="At">When it is to count; null for now.</param>
public sealed record CatalogueQuery(bool DryRun = false, DateTimeOffset? At = null)
{
    /// <summary>Reads <c>dry_run</c> and <c>at</c> as callers write them.</summary>
    /// <param name="field">A field's value; null or empty where it is not given.</param>
    public static Decision<CatalogueQuery> Read(Func<string, string?> field)
    {
        var dry = false;
        DateTimeOffset? at = null;
        if (field("dry_run") is { Length: > 0 } word && !bool.TryParse(word, out dry))
        {
            return Refuse.InvalidField("dry_run", "'dry_run' must be true or false.");
        }

        if (field("at") is { Length: > 0 } text)
        {
            // A plus sign that was not percent-encoded arrives as a space.
            if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                return Refuse.InvalidField("at", "'at' must be a time in ISO 8601, e.g. 2027-01-01T00:00:00Z.");
            }

            at = time;
        }

        return new CatalogueQuery(dry, at);
    }
}

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>The one document that says which version counts. Every change of the catalogue is a change of this.</summary>
/// <param name="Active">What counts, unless <paramref name="Scheduled"/> is due.</param>
/// <param name="Since">When it became so.</param>
/// <param name="Latest">The version with the highest number.</param>
/// <param name="FollowsFiles">True while files decide: the one with which a process started last is active. An operator's activation ends that.</param>
public sealed record CatalogueHead(CatalogueVersion Active, DateTimeOffset Since, CatalogueVersion Latest, bool FollowsFiles, CatalogueSchedule? Scheduled = null)
{
    /// <summary>The head as it counts at a moment: what was due by then is active.</summary>
    public CatalogueHead At(DateTimeOffset now) => Scheduled is { } due && due.At <= now
        ? this with { Active = due.Version, Since = due.At, Scheduled = null, FollowsFiles = false }
        : this;
}

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>How many orgs are treated differently, and the first of them.</summary>
/// <param name="Looked">All orgs there are.</param>
/// <param name="LosingTheirPlan">Those of the changed whose own plan goes away.</param>
public sealed record OrgDifferences(long Looked, long Changed, long LosingTheirPlan, IReadOnlyList<OrgDifference> Data)
{
    /// <summary>More are counted, and not told.</summary>
    public const int Most = 100;
}

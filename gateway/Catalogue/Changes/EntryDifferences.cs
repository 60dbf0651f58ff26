namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>How many entries of one kind are different, and the first of them.</summary>
public sealed record EntryDifferences(int Added, int Removed, int Changed, IReadOnlyList<EntryDifference> Data)
{
    /// <summary>More are counted, and not told.</summary>
    public const int Most = 100;

    public static EntryDifferences Of(IReadOnlyList<EntryDifference> all) => new(
        all.Count(one => one.Change is EntryDifference.Added),
        all.Count(one => one.Change is EntryDifference.Removed),
        all.Count(one => one.Change is EntryDifference.Changed),
        [.. all.Take(Most)]);
}

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>A model, plan or upstream that two catalogues have differently.</summary>
/// <param name="Id">A model's id, else a name.</param>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Fields">What is different; empty for what is added or removed.</param>
public sealed record EntryDifference(string Id, string Change, IReadOnlyList<FieldDifference> Fields)
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string Changed = "changed";
}

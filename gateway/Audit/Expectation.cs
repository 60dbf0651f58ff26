namespace Freeway.Gateway.Audit;

/// <summary>What a caller takes a document to be when it asks for a change.</summary>
/// <param name="Revisions">One of which it must have; null for any.</param>
public readonly record struct Expectation(IReadOnlyList<string>? Revisions)
{
    /// <summary>Whatever it is.</summary>
    public static Expectation Anything => default;

    public bool Admits(string revision) => Revisions?.Contains(revision) is not false;
}

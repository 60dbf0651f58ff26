namespace Freeway.Gateway.Reconciliation;

/// <summary>One figure of the books that is not what the records say.</summary>
/// <param name="Book">Which book it stands in.</param>
/// <param name="Subject">What it is of: <c>fastrouter-free.daily|demo/echo</c>, or day, tier, model and key of a sum.</param>
/// <param name="Window">The day or the limit's window.</param>
/// <param name="Figure">E.g. <c>used</c>.</param>
/// <param name="Stored">As the book has it.</param>
/// <param name="Expected">As the records have it.</param>
/// <param name="Certainty">Whether it is drift.</param>
public sealed record Difference(Book Book, string Org, string Subject, string Window, string Figure, long Stored, long Expected, Certainty Certainty)
{
    /// <summary>Whether the book says now what the records say.</summary>
    public bool Repaired { get; init; }
}

namespace Freeway.Gateway.Views;

/// <summary>One figure that is not what the records say.</summary>
/// <param name="Book"><c>sums</c>, <c>closed_day</c>, <c>counter</c> or <c>account</c>.</param>
/// <param name="Subject">Limit and subject, or tier, model and key, with <c>|</c> between.</param>
/// <param name="Window">The limit's window, or the day.</param>
/// <param name="Stored">As the book has it; money in nano-dollars.</param>
/// <param name="Expected">As the records have it.</param>
/// <param name="InFlight">Whether what is under way may make it good.</param>
public sealed record DifferenceCard(
    string Book, string Org, string Subject, string Window, string Figure, long Stored, long Expected, bool InFlight, bool Repaired);

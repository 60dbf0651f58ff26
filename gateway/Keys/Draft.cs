namespace Freeway.Gateway.Keys;

/// <summary>A document as it shall be, and how the audit tells of it.</summary>
/// <param name="Json">Its content.</param>
/// <param name="Before">What the audit shows as it was, as JSON without secrets; null where there was nothing.</param>
/// <param name="After">What the audit shows as it is then.</param>
public sealed record Draft(string Json, string? Before, string? After)
{
    /// <summary>What a repeat of the command is told beside the document, as JSON without secrets.</summary>
    public string? Answer { get; init; }
}

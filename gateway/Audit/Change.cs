namespace Freeway.Gateway.Audit;

/// <summary>A change and its audit record, which come to be together or not at all.</summary>
/// <param name="Audit">Its id becomes the document's revision.</param>
public sealed record Change(AuditRecord Audit)
{
    /// <summary>The document as it shall be; null where nothing is kept but the record.</summary>
    public string? Json { get; init; }

    /// <summary>The document as it was read, which must be as it was; null where there must be none yet.</summary>
    public Document? Was { get; init; }

    /// <summary>Where a repeat of the command is to lead to this change again.</summary>
    public Once? Once { get; init; }
}

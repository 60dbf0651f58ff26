namespace Freeway.Adapters.Tables;

/// <summary>A text can be no key, however often one tries.</summary>
public sealed class TableKeyTooLongException(int length)
    : ArgumentException($"A key of {length} characters is longer than the {TableKey.MaxLength} that a table takes.");

namespace Freeway.Gateway.Views;

/// <summary>The shape of every list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor = null)
{
    public string Object { get; } = "list";
}

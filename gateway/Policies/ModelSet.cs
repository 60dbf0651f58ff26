namespace Freeway.Gateway.Policies;

/// <summary>Which models something is for: ids, where <c>*</c> at the end stands for any rest.</summary>
public sealed record ModelSet(IReadOnlyList<string> Patterns)
{
    public static ModelSet All { get; } = new(["*"]);

    public bool Contains(string modelId) => Patterns.Any(pattern =>
        pattern.EndsWith('*') ? modelId.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == modelId);
}

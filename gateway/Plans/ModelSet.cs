using System.IO.Enumeration;

namespace Freeway.Gateway.Plans;

/// <summary>
/// Selects models by their ids. In a pattern <c>*</c> stands for any characters, also none. A pattern after <c>!</c>
/// takes models out again, wherever it stands: <c>["*flash*", "!*flash-lite*"]</c>.
/// </summary>
public sealed record ModelSet(IReadOnlyList<string> Patterns)
{
    private const char Not = '!';

    public static ModelSet All { get; } = new(["*"]);

    public bool Contains(string modelId) =>
        Patterns.Any(pattern => pattern[0] is not Not && Matches(pattern, modelId))
        && !Patterns.Any(pattern => pattern[0] is Not && Matches(pattern.AsSpan(1), modelId));

    /// <param name="patterns">Null for all models.</param>
    public static bool Allows(IReadOnlyList<string>? patterns, string modelId) => patterns is null || new ModelSet(patterns).Contains(modelId);

    private static bool Matches(ReadOnlySpan<char> pattern, string modelId) => FileSystemName.MatchesSimpleExpression(pattern, modelId, ignoreCase: false);
}

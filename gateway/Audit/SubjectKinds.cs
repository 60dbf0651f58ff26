using System.Collections.Frozen;
using System.Text.Json;

namespace Freeway.Gateway.Audit;

/// <summary>Kinds as callers and tables have them.</summary>
public static class SubjectKinds
{
    private static readonly FrozenDictionary<SubjectKind, string> Names =
        All.ToFrozenDictionary(kind => kind, kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    private static readonly FrozenDictionary<string, SubjectKind> Kinds = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static IReadOnlyList<SubjectKind> All => Enum.GetValues<SubjectKind>();

    public static string Name(this SubjectKind kind) => Names[kind];

    /// <summary>The kind of this name, or null.</summary>
    public static SubjectKind? Find(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;
}

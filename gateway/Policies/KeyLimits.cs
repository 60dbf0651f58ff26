using System.Collections.Frozen;
using Freeway.Gateway.Keys;

namespace Freeway.Gateway.Policies;

/// <summary>The limits that a key has of its own. They bind whatever is asked for, beside the limits of the plan.</summary>
public static class KeyLimits
{
    /// <summary>No plan can have this name: the sources of its limits would be those of keys.</summary>
    public const string Prefix = "api_key.";

    public static FrozenDictionary<string, LimitUnit> Units { get; } =
        Enum.GetValues<LimitUnit>().ToFrozenDictionary(unit => unit.Name(), StringComparer.Ordinal);

    public static FrozenDictionary<string, LimitWindow> Windows { get; } = new Dictionary<string, LimitWindow>(StringComparer.Ordinal)
    {
        ["minute"] = LimitWindow.Minute,
        ["hour"] = LimitWindow.Hour,
        ["day"] = LimitWindow.Day,
        ["month"] = LimitWindow.Month,
        ["rolling_30_days"] = LimitWindow.Rolling30Days,
        ["lifetime"] = LimitWindow.Lifetime,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static FrozenDictionary<string, LimitScope> Scopes { get; } = new Dictionary<string, LimitScope>(StringComparer.Ordinal)
    {
        ["key"] = LimitScope.Key,
        ["key_model"] = LimitScope.KeyModel,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True for the source of a key's own limit, as against one of a plan's that counts for each key.</summary>
    public static bool IsOwn(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Those that bind a request for this model.</summary>
    public static IEnumerable<BoundLimit> Bind(ApiKey key, string model) => (key.Limits ?? [])
        .Where(limit => limit.Models is null || new ModelSet(limit.Models).Contains(model))
        .Select(limit => new BoundLimit($"{Prefix}{limit.Name}", Subject(key, limit, model), Read(limit)));

    private static string Subject(ApiKey key, KeyLimit limit, string model) => Scopes[limit.Scope] is LimitScope.Key ? key.Id : $"{key.Id} {model}";

    private static Limit Read(KeyLimit limit) => new(
        limit.Name,
        Units[limit.Unit],
        (long)(limit.Amount * Units[limit.Unit].Scale()),
        limit.Window is null ? LimitWindow.None : Windows[limit.Window],
        Scopes[limit.Scope]);
}

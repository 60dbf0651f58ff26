using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Plans;

/// <summary>
/// The limits that a key has of its own. They bind whatever is asked for, beside the limits of the plan.
/// </summary>
public static class KeyLimits
{
    /// <summary>
    /// The beginning of the source of a key's own limit. No plan can have this name, as its limits would look like a
    /// key's.
    /// </summary>
    public const string Prefix = "api_key.";

    /// <summary>
    /// Tells whether a source names a key's own limit, as against a limit of a plan that counts for each key.
    /// </summary>
    public static bool IsOwn(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Gives the key's own limits that bind a request for a model.</summary>
    public static IEnumerable<BoundLimit> Bind(ApiKey key, string model) => (key.Limits ?? [])
        .Where(limit => limit.Models is null || new ModelSet(limit.Models).Contains(model))
        .Select(limit => new BoundLimit($"{Prefix}{limit.Name}", Subject(key, limit, model), Read(limit)));

    private static string Subject(ApiKey key, KeyLimit limit, string model) =>
        LimitNames.KeyScopes.Find(limit.Scope) is LimitScope.Key ? key.Id : $"{key.Id} {model}";

    /// <summary>The limit as it is counted. Its words were checked when the key was written.</summary>
    private static Limit Read(KeyLimit limit)
    {
        var unit = WireNames.Of<LimitUnit>().Find(limit.Unit)!.Value;
        var window = limit.Window is { } named ? LimitNames.Windows.Find(named)!.Value : LimitWindow.None;
        var scope = LimitNames.KeyScopes.Find(limit.Scope)!.Value;
        return new Limit(limit.Name, unit, (long)(limit.Amount * unit.Scale()), window, scope);
    }
}

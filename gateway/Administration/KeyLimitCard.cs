using System.Text.Json.Serialization;
using Freeway.Gateway.Keys;

namespace Freeway.Gateway.Administration;

/// <summary>A key's own limit, as it was given.</summary>
/// <param name="Scope"><c>key</c>, or <c>key_model</c> for the amount on each model.</param>
/// <param name="Models">The models that it counts for; left out for all.</param>
public sealed record KeyLimitCard(
    string Name,
    string Unit,
    decimal Amount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Window,
    string Scope,
    IReadOnlyList<string>? Models)
{
    internal static KeyLimitCard Of(KeyLimit limit) => new(limit.Name, limit.Unit, limit.Amount, limit.Window, limit.Scope, limit.Models);
}

using System.Text.Json.Serialization;

namespace Freeway.Gateway.Catalogue.Changes;

/// <summary>A limit that binds an org differently.</summary>
/// <param name="Id">Plan and limit, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Subject">Who shares it: <c>*</c> for the org, a model, or any key of the org.</param>
/// <param name="Unit">As callers see it.</param>
/// <param name="Before">Null where it did not bind.</param>
/// <param name="After">Null where it does not bind any more.</param>
public sealed record LimitDifference(
    string Id,
    string Subject,
    string Unit,
    string Window,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? After);

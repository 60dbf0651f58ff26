namespace Freeway.Gateway.ActivityLog;

/// <summary>What refusals are rolled up by. None of it is the caller's own text, so that no caller can make keys grow.</summary>
/// <param name="Minute">The UTC minute in which they were told.</param>
/// <param name="Model">The first model that was asked for: an id of the catalogue, <c>auto</c> or <c>unknown</c>.</param>
/// <param name="Variant">As it was asked for: <c>free</c>, <c>flex</c> or null.</param>
/// <param name="Code">The refusal's code as callers see it.</param>
/// <param name="Limit">The limit that refused, e.g. <c>fastrouter-free.daily</c>; null where none did.</param>
public sealed record RefusalKey(string Org, DateTimeOffset Minute, string Model, string? Variant, string Code, string? Limit)
{
    /// <summary>Stands for every model that the catalogue does not have, and for requests that name none.</summary>
    public const string UnknownModel = "unknown";
}

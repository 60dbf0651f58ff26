using Freeway.Gateway.ActivityLog;

namespace Freeway.Gateway.Views;

/// <summary>How often an org was refused in one minute, for one reason.</summary>
/// <param name="Model">The first model that was asked for; <c>auto</c> for <c>auto:free</c>, <c>unknown</c> where there is no such model.</param>
/// <param name="Variant">As it was asked for: <c>free</c>, <c>flex</c> or none.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Limit">The limit that refused, where one did.</param>
public sealed record RefusalCard(DateTimeOffset Minute, string Model, string? Variant, string Code, string? Limit, long Count)
{
    public static RefusalCard Of(RefusalCount refusal) =>
        new(refusal.Key.Minute, refusal.Key.Model, refusal.Key.Variant, refusal.Key.Code, refusal.Key.Limit, refusal.Count);
}

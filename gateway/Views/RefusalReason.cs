namespace Freeway.Gateway.Views;

/// <param name="Code">The error's code.</param>
/// <param name="Limit">The limit that refused, where one did.</param>
public sealed record RefusalReason(string Code, string? Limit, long Count);

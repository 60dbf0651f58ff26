using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Routing;

/// <summary>The headers by which an upstream's answers tell of one limit; names in lower case, null for one that is not sent.</summary>
/// <param name="Window">Null where the same headers tell of whichever limit is nearest: the amount then says which one.</param>
/// <param name="Limit">The amount.</param>
/// <param name="Remaining">What is left of it.</param>
/// <param name="Reset">When it is whole again, written as <paramref name="ResetForm"/> says.</param>
public sealed record RateLimitHeaders(LimitUnit Unit, LimitWindow? Window, string? Limit, string? Remaining, string? Reset, ResetForm? ResetForm);

using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Upstreams;

/// <summary>What an upstream's answer says of one of its limits, in our words.</summary>
/// <param name="Window">Null where the upstream does not say which of its limits it means: <paramref name="Limit"/> tells it.</param>
/// <param name="Limit">The amount, in the unit as it is counted.</param>
/// <param name="Remaining">What is left, in the unit as it is counted; at least 0.</param>
/// <param name="ResetsAt">When it is whole again.</param>
public sealed record RateLimitReading(LimitUnit Unit, LimitWindow? Window, long? Limit, long? Remaining, DateTimeOffset? ResetsAt);

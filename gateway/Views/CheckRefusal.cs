using Freeway.Gateway.Core;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The refusal that a request would be answered with.</summary>
/// <param name="RetryAfter">In seconds.</param>
public sealed record CheckRefusal(string Code, string Message, string? LimitSource, DateTimeOffset? ResetAt, long? RetryAfter)
{
    public static CheckRefusal Of(Refusal refusal) => new(
        refusal.Code.WireName(),
        refusal.Message,
        refusal.Limit?.Source,
        refusal.Limit?.ResetsAt,
        refusal.RetryAfter is { } wait ? (long)Math.Ceiling(wait.TotalSeconds) : null);
}

using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Inference;

/// <summary>What a caller asks for beside the request itself.</summary>
/// <param name="Overflow">What is to happen once a limit is spent; null for the default.</param>
/// <param name="IdempotencyKey">The same for every sending of one request; 1 to 255 characters.</param>
/// <param name="IncludeQuota">Whether the answer is to say what it took and what is left.</param>
/// <param name="IncludeRoute">Whether the answer is to say which upstreams were tried for it.</param>
public sealed record RequestOptions(Overflow? Overflow, string? IdempotencyKey, bool IncludeQuota, bool IncludeRoute = false)
{
    public static RequestOptions None { get; } = new(null, null, false);

    /// <summary>Whether the answer is to say anything of itself.</summary>
    public bool IncludesAny => IncludeQuota || IncludeRoute;
}

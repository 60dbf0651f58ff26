namespace Freeway.Gateway.Refusals;

/// <summary>An expected "no": a value, not an exception. Nothing was taken when one is returned.</summary>
/// <param name="Code">What is wrong, for programs.</param>
/// <param name="Message">What is wrong and what to do next, for people; never a secret, a prompt or a completion.</param>
public sealed record Refusal(RefusalCode Code, string Message)
{
    /// <summary>The HTTP status: the code's own, unless the plan's dialect or the key asks for another one.</summary>
    public int Status =>
        Dialect is Dialect.Apilaplas && Code.IsQuota() ? 403
        : Code is RefusalCode.FreeQuotaExceeded ? HardRefusal.Status()
        : Code.Status();

    /// <summary>The field of the request that is at fault, e.g. <c>model</c>.</summary>
    public string? Param { get; init; }

    /// <summary>All that is wrong with the fields, the first being <see cref="Param"/>; empty where no more than that is known.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>How long to wait before the same request can succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The limit that refused, for the codes that speak of one.</summary>
    public SpentLimit? Limit { get; init; }

    /// <summary>The bound on one request's content that refused, e.g. 512 for <c>max_tokens</c>; for <see cref="RefusalCode.CapExceeded"/>.</summary>
    public string? Cap { get; init; }

    /// <summary>The request that this one repeats.</summary>
    public string? RepeatOf { get; init; }

    /// <summary>How the caller's key wants to hear of a spent hard quota.</summary>
    public HardRefusal HardRefusal { get; init; }

    /// <summary>The shape of the body of a quota error.</summary>
    public Dialect Dialect { get; init; }
}

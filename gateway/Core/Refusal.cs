namespace Freeway.Gateway.Core;

/// <summary>
/// Says why a request is not served: an expected outcome, so a value and no exception. Nothing was taken for it.
/// </summary>
/// <param name="Code">What is wrong, for programs.</param>
/// <param name="Message">
/// What is wrong and what to do next, for people; never a secret, a prompt or a completion.
/// </param>
public sealed record Refusal(RefusalCode Code, string Message)
{
    /// <summary>The HTTP status: the code's own, unless the plan's dialect or the key asks for another one.</summary>
    public int Status =>
        Dialect is Dialect.Apilaplas && Code.IsQuota() ? 403
        : Code is RefusalCode.FreeQuotaExceeded ? HardRefusal.Status()
        : Code is RefusalCode.FreeQuotaExhausted && HardRefusal is HardRefusal.PaymentRequired ? HardRefusal.Status()
        : Code.Status();

    /// <summary>The model that the request was for; null where none was found.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// The one who would have borne the request: <c>free</c>, <c>gift</c> or <c>paid</c>; null where that is not known.
    /// </summary>
    public string? Tier { get; init; }

    /// <summary>The field of the request that is wrong, e.g. <c>model</c>; null where no field is.</summary>
    public string? Param { get; init; }

    /// <summary>
    /// All that is wrong with the fields, the first being <see cref="Param"/>; empty where no more than that is known.
    /// </summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>The time to wait before the same request can succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The limit that refused, for the codes that speak of one.</summary>
    public SpentLimit? Limit { get; init; }

    /// <summary>
    /// The bound on one request's content that refused, e.g. 512 for <c>max_tokens</c>; for <see
    /// cref="RefusalCode.CapExceeded"/>.
    /// </summary>
    public CapBound? Cap { get; init; }

    /// <summary>The request that this one repeats.</summary>
    public string? RepeatOf { get; init; }

    /// <summary>The status that the caller's key asks for where a hard quota is spent.</summary>
    public HardRefusal HardRefusal { get; init; }

    /// <summary>The shape of the body of a quota error.</summary>
    public Dialect Dialect { get; init; }
}

/// <summary>
/// The bound that a request's content exceeded: a number such as 512 tokens, a text such as the image size
/// <c>512x512</c>, or neither where the content is not allowed at all.
/// </summary>
public sealed record CapBound(long? Number, string? Text)
{
    /// <summary>The bound of what is not allowed at all; callers read <c>false</c>.</summary>
    public static CapBound Forbidden { get; } = new(null, null);

    public static implicit operator CapBound(long number) => new(number, null);

    public static implicit operator CapBound(string text) => new(null, text);
}

/// <summary>The shape of a plan's quota errors.</summary>
public enum Dialect
{
    [WireName("openai")]
    OpenAi,

    /// <summary>The flat body of seed 002, with status 403.</summary>
    Apilaplas,
}

/// <summary>
/// Names the status that a key asks for where a hard quota is spent: most clients stop at 403 and 402, and few at 429.
/// </summary>
public enum HardRefusal
{
    TooManyRequests,
    Forbidden,
    PaymentRequired,
}

/// <summary>Gives the statuses of spent hard quotas.</summary>
public static class HardRefusals
{
    /// <summary>The HTTP status that a key asks for: 429, 403 or 402.</summary>
    public static int Status(this HardRefusal refusal) => refusal switch
    {
        HardRefusal.TooManyRequests => 429,
        HardRefusal.Forbidden => 403,
        HardRefusal.PaymentRequired => 402,
    };
}

/// <summary>Describes the limit that refused a request; where several did, the one that binds longest.</summary>
/// <param name="Source">Which limit: plan and limit name, e.g. <c>fastrouter-free.daily</c>.</param>
/// <param name="Amount">What the limit allows in one window, in <paramref name="Unit"/>.</param>
/// <param name="Used">What is used or reserved of it now.</param>
/// <param name="Unit">E.g. <c>requests</c>.</param>
/// <param name="Window">E.g. <c>day</c>.</param>
/// <param name="ResetsAt">When the limit is whole again; null for a lifetime limit.</param>
public sealed record SpentLimit(
    string Source, decimal Amount, decimal Used, string Unit, string Window, DateTimeOffset? ResetsAt)
{
    /// <summary>Slugs that this org can call instead, best first.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}

/// <summary>Says what is wrong with one field of a request.</summary>
/// <param name="Param">The field, e.g. <c>limits[0].unit</c>.</param>
public sealed record FieldError(string Param, string Message);

using Freeway.Gateway.Refusals;

namespace Freeway.Functions.Http;

/// <summary>What a refusal says beyond its words, in whichever shape it is written; what does not apply is left out.</summary>
internal abstract record RefusalFacts
{
    public string? Param { get; init; }

    /// <summary>All that is wrong, by field.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    public string? Cap { get; init; }

    public decimal? QuotaLimit { get; init; }

    public decimal? QuotaUsed { get; init; }

    public DateTimeOffset? ResetAt { get; init; }

    public string? LimitSource { get; init; }

    public string? Unit { get; init; }

    public string? Window { get; init; }

    public IReadOnlyList<string>? Suggestions { get; init; }

    public string? RepeatOf { get; init; }
}

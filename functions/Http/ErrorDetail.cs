namespace Freeway.Functions.Http;

/// <summary>What an error says; what does not apply is left out.</summary>
internal sealed record ErrorDetail(string Code, string Message, string Type)
{
    public string? Param { get; init; }

    public decimal? QuotaLimit { get; init; }

    public decimal? QuotaUsed { get; init; }

    public DateTimeOffset? ResetAt { get; init; }

    public string? LimitSource { get; init; }

    public string? Unit { get; init; }

    public string? Window { get; init; }

    public IReadOnlyList<string>? Suggestions { get; init; }
}

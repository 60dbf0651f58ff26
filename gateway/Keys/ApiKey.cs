using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Keys;

/// <summary>An API key without its secret, which is shown once and stored as a <see cref="KeyHash"/>.</summary>
/// <param name="Id">Public id, safe in logs and records.</param>
public sealed record ApiKey(string Id, string OrgId, string Label, bool Disabled = false, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>How far its requests may overflow; null for as far as its org may.</summary>
    public Overflow? Overflow { get; init; }

    /// <summary>What it may spend in a calendar month, in nano-dollars; null for no ceiling of its own.</summary>
    public long? MonthlyCeilingNanos { get; init; }

    /// <summary>The status that a spent hard quota is answered with.</summary>
    public HardRefusal HardRefusal { get; init; }

    /// <summary>The models that it may call, as patterns of ids; null for all.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Its own limits, which bind beside those of the plan; null for none.</summary>
    public IReadOnlyList<KeyLimit>? Limits { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id of the management key that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it was taken away; null while it is not. Its id is not given again.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

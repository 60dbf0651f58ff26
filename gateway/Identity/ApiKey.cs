using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>An API key without its secret, which is shown once and stored as a <see cref="KeyHash"/>.</summary>
/// <param name="Id">Public id, safe in logs and records.</param>
public sealed record ApiKey(string Id, string OrgId, string Label, bool Disabled = false, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>The widest overflow of its requests; null for as far as its organisation may.</summary>
    public Overflow? Overflow { get; init; }

    /// <summary>
    /// The most that it may spend in a calendar month, in nano-dollars; null for no ceiling of its own.
    /// </summary>
    public long? MonthlyCeilingNanos { get; init; }

    /// <summary>The status that a spent hard quota is answered with.</summary>
    public HardRefusal HardRefusal { get; init; }

    /// <summary>The models that it may call, as patterns of ids; null for all.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Gets the key's own limits, which bind beside those of the plan; null for none.</summary>
    public IReadOnlyList<KeyLimit>? Limits { get; init; }

    /// <summary>
    /// Gets whether it may list, make and revoke the other keys of its organisation, as the session of a person who
    /// signed in may.
    /// </summary>
    public bool ManagesKeys { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id of the management key that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The time at which it was removed; null while it is not. Its id is not given again.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>
/// A limit of one key's own, in the words in which it was given; see the catalogue's limits for what they may be.
/// </summary>
/// <param name="Name">Unique among the key's limits: lower-case letters, digits and dashes.</param>
/// <param name="Unit">E.g. <c>requests</c>, <c>tokens</c>, <c>usd</c>.</param>
/// <param name="Amount">In the unit as it is written.</param>
/// <param name="Window">E.g. <c>day</c>; null for requests under way at the same time.</param>
/// <param name="Scope"><c>key</c>, or <c>key_model</c> for the amount on each model.</param>
public sealed record KeyLimit(string Name, string Unit, decimal Amount, string? Window, string Scope)
{
    /// <summary>The models that it counts for, as patterns of ids; null for all.</summary>
    public IReadOnlyList<string>? Models { get; init; }
}

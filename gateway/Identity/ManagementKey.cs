namespace Freeway.Gateway.Identity;

/// <summary>A management key beside the one in the settings, without its secret.</summary>
/// <param name="Id">Public id, safe in logs and audit records.</param>
public sealed record ManagementKey(string Id, string Label, IReadOnlyList<AdminScope> Scopes, bool Disabled = false, DateTimeOffset? ExpiresAt = null)
{
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id of the key that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The time at which it was removed; null while it is not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

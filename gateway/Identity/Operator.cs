namespace Freeway.Gateway.Identity;

/// <summary>An operator: the management key that was presented.</summary>
/// <param name="Id">The key's id, safe in logs and audit records.</param>
public sealed record Operator(string Id, IReadOnlySet<AdminScope> Scopes)
{
    /// <summary>The holder of the key whose hash is in the settings.</summary>
    public static Operator OfSettings { get; } = new("settings", new HashSet<AdminScope> { AdminScope.All });

    /// <summary>The gateway itself, in audit records of what nobody asked for.</summary>
    public static Operator Freeway { get; } = new("freeway", new HashSet<AdminScope>());

    public bool May(AdminScope scope) => scope is AdminScope.Read || Scopes.Contains(scope) || Scopes.Contains(AdminScope.All);
}

/// <summary>The rights of a management key. Every one of them may read.</summary>
public enum AdminScope
{
    /// <summary>Look at everything, change nothing.</summary>
    Read,

    /// <summary>Change organisations and API keys.</summary>
    Keys,

    /// <summary>Add to accounts.</summary>
    Billing,

    /// <summary>Everything, the catalogue, the books and other management keys included.</summary>
    All,
}

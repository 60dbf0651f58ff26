namespace Freeway.Adapters.Views;

/// <summary>What was asked knows the caller, or nobody, and refuses.</summary>
/// <param name="role">That would allow it.</param>
/// <param name="on">What the role must be given on.</param>
public sealed class RoleMissingException(string role, string on, Exception cause)
    : IOException($"access is denied: the identity needs the role {role} on {on}", cause)
{
    public string Need => $"{role} on {on}";
}

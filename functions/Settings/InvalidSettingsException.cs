namespace Freeway.Functions.Settings;

/// <summary>The settings cannot be used: every error, by setting name.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> errors)
    : Exception("The settings cannot be used:" + string.Concat(errors.Select(error => $"\n  {error}")))
{
    public IReadOnlyList<string> Errors => errors;
}

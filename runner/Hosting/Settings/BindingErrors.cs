namespace Freeway.Runner.Hosting.Settings;

/// <summary>Gathers what is wrong with all functions, so that a start reports it at once.</summary>
internal sealed class BindingErrors
{
    private readonly List<string> _errors = [];

    public void Catch(string function, Action bind)
    {
        try
        {
            bind();
        }
        catch (Exception e) when (e is FunctionBindingException or FormatException or ArgumentException)
        {
            _errors.Add($"{function}: {e.Message}");
        }
    }

    /// <exception cref="FunctionBindingException">Something was wrong.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new FunctionBindingException(string.Join("; ", _errors));
        }
    }
}

/// <summary>Functions that cannot be run as they are declared. The message names each of them and why.</summary>
public sealed class FunctionBindingException(string message) : Exception(message);

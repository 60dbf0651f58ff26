using System.Diagnostics.CodeAnalysis;

namespace Freeway.Gateway.Core;

/// <summary>Holds the outcome of a step: a value to go on with, or a refusal to stop at.</summary>
public readonly struct Result<T>
    where T : notnull
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Result(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);

    /// <summary>Returns true and gives the value of an accepted step, or returns false and gives the refusal.</summary>
    public bool Accepted([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, _refusal);
        return _refusal is null;
    }
}

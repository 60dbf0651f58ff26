using System.Diagnostics.CodeAnalysis;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>An attempt's allowance, or why there is none.</summary>
public readonly struct AllowanceAnswer
{
    private readonly Allowance? _allowance;
    private readonly AllowanceShortage? _shortage;

    private AllowanceAnswer(Allowance? allowance, AllowanceShortage? shortage) => (_allowance, _shortage) = (allowance, shortage);

    public static implicit operator AllowanceAnswer(Allowance allowance) => new(allowance, null);

    public static implicit operator AllowanceAnswer(AllowanceShortage shortage) => new(null, shortage);

    public bool Granted([NotNullWhen(true)] out Allowance? allowance, [NotNullWhen(false)] out AllowanceShortage? shortage)
    {
        (allowance, shortage) = (_allowance, _shortage);
        return _allowance is not null;
    }
}

namespace Freeway.Gateway.Policies;

/// <summary>What a limit counts.</summary>
public enum LimitUnit
{
    Requests,
    Tokens,
    InputTokens,
    OutputTokens,
    ComputeUnits,

    /// <summary>Nano-dollars: 1e-9 USD.</summary>
    NanoDollars,
    Images,
    Characters,
    Seconds,
}

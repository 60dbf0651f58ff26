using Freeway.Gateway.Core;

namespace Freeway.Gateway.Policies;

/// <summary>What a limit counts; always in whole numbers, see <see cref="LimitUnits"/> for how callers see them.</summary>
public enum LimitUnit
{
    Requests,
    Tokens,
    InputTokens,
    OutputTokens,

    /// <summary>Millionths of a compute unit, e.g. of a neuron: a rate per million tokens is then a whole number per token.</summary>
    [WireName("compute_units")]
    MicroUnits,

    /// <summary>Nano-dollars: 1e-9 USD.</summary>
    [WireName("usd")]
    NanoDollars,
    Images,
    Characters,
    Seconds,

    /// <summary>Requests that are under way at the same time; such a limit has no window, its leases expire.</summary>
    ConcurrentRequests,
}

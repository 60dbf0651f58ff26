using Freeway.Gateway.Core;

namespace Freeway.Gateway.Refusals;

/// <summary>The shape of a plan's quota errors.</summary>
public enum Dialect
{
    [WireName("openai")]
    OpenAi,

    /// <summary>The flat body of seed 002, with status 403.</summary>
    Apilaplas,
}

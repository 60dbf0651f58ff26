using Freeway.Gateway.Core;

namespace Freeway.Gateway.Identity;

/// <summary>The ways of a request that finds a limit spent, from the narrowest to the widest.</summary>
public enum Overflow
{
    /// <summary>The request is refused.</summary>
    Reject,

    /// <summary>The next free model that fits and has quota answers instead.</summary>
    [WireName("next_free", "next-free")]
    NextFree,

    /// <summary>The account pays for what the gift does not cover.</summary>
    Bill,
}

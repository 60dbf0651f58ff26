namespace Freeway.Gateway.Ledger;

/// <summary>How much of what is wanted a limit has to give.</summary>
public enum TakeKind
{
    /// <summary>All of it, or the request is refused.</summary>
    Whole,

    /// <summary>As much as is left: a gift. All gifts of a request cover the same amount.</summary>
    AsFarAsItReaches,

    /// <summary>All of what the gifts do not cover, or the request is refused.</summary>
    Beyond,
}

namespace Freeway.Gateway.Reconciliation;

/// <summary>What a difference means.</summary>
public enum Certainty
{
    /// <summary>Nothing that is under way can explain it.</summary>
    Drift,

    /// <summary>A record on its way, or the next closing, may make it good.</summary>
    InFlight,
}

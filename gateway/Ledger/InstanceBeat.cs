namespace Freeway.Gateway.Ledger;

/// <summary>One instance's last sign of life.</summary>
/// <param name="Claimed">True once recovery has taken the instance for dead.</param>
public sealed record InstanceBeat(string Instance, DateTimeOffset At, bool Claimed, string ETag)
{
    /// <summary>True where recovery may finish what the instance left.</summary>
    public bool IsDead(DateTimeOffset now, TimeSpan staleAfter) => Claimed || now - At > staleAfter;
}

namespace Freeway.Gateway.Ledger;

/// <summary>A quota row with the moment at which it was last known to be the committed one.</summary>
internal sealed record SeenQuota(QuotaRow Row, DateTimeOffset At)
{
    /// <summary>How long ago that was. Where the calendar has been set back since, nobody knows: then it is too long ago for anything.</summary>
    public TimeSpan Age(DateTimeOffset now) => now >= At ? now - At : TimeSpan.MaxValue;
}

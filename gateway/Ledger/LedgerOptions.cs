namespace Freeway.Gateway.Ledger;

/// <summary>Holds the times that the ledger works by. The defaults suit Table Storage.</summary>
public sealed class LedgerOptions
{
    /// <summary>
    /// The longest time that a request waits for storage in all before <c>503 quota_unavailable</c>. 1 s to 60 s.
    /// </summary>
    public TimeSpan ReserveDeadline { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest time that a refusal may rest on reservations that could still be given back.</summary>
    public TimeSpan OpenRefusalAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest time that a refusal may rest on settled use without a read of the table. It bounds how late a raised
    /// limit is noticed.
    /// </summary>
    public TimeSpan SettledRefusalAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time after which the lease of a request that has not ended expires. Longer than the longest request, or one
    /// more is admitted beside it.
    /// </summary>
    public TimeSpan LeaseLasts { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The credit below which an organisation is notified, once after each top-up, in USD. 0 to 1,000,000; 0 for never.
    /// </summary>
    public decimal LowCreditUsd { get; set; } = 1;

    /// <summary>Gets <see cref="LowCreditUsd"/> in nano-dollars.</summary>
    internal long LowCreditNanos => (long)(LowCreditUsd * Core.Money.NanosPerDollar);

    /// <summary>
    /// The number of quota rows of one organisation that an instance remembers; those of end users who were idle
    /// longest are forgotten first, and read again. 1,000 to 1,000,000.
    /// </summary>
    public int RowsInMemory { get; set; } = 20_000;

    /// <summary>The longest wait between two tries in an outage.</summary>
    public TimeSpan OutageBackOff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time for which the row of a request whose record was sent is kept for the next reservation to be written
    /// over, before it is deleted with a heartbeat.
    /// </summary>
    public TimeSpan SpareFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two heartbeats of an instance.</summary>
    public TimeSpan HeartbeatEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time without a heartbeat after which an instance is taken for dead. Longer than the store's longest
    /// operation (30 s).
    /// </summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The time for which recovery still visits a dead instance, because what it sent last may be committed until then.
    /// </summary>
    public TimeSpan LandsWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The time without an operation after which an org's partition is closed.</summary>
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(10);
}

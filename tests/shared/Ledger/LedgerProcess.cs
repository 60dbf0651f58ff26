using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>Everything of the ledger that one process has, over stores that it shares with others.</summary>
public sealed class LedgerProcess : IDisposable
{
    private readonly CancellationTokenSource _killed = new();

    public LedgerProcess(
        ILedgerStore rows, IInstanceStore instances, IActivityQueue queue, TimeProvider clock, int seed, FaultRates? faults = null, LedgerOptions? options = null)
    {
        Options = options ?? Patient();
        Clock = clock;
        Store = new FaultyLedgerStore(rows, clock, seed, faults ?? FaultRates.None);
        Instances = new FaultyInstanceStore(instances, seed + 1, faults ?? FaultRates.None);
        Lease = new InstanceLease(Instances, clock, new IdSource(clock), Options, NullLogger<InstanceLease>.Instance);
        Ledger = new RequestLedger(Store, Lease, clock, new Random(seed), Options, NullLogger<RequestLedger>.Instance);
        Outbox = new ActivityOutbox(Ledger, Store, queue, NullLogger<ActivityOutbox>.Instance);
        Recovery = new LedgerRecovery(Instances, Store, Ledger, Outbox, Lease, clock, Options, NullLogger<LedgerRecovery>.Instance);
    }

    public LedgerOptions Options { get; }

    /// <summary>The longest wait that a setting allows: how busy the machine is decides no test.</summary>
    public static LedgerOptions Patient() => new()
    {
        ReserveDeadline = TimeSpan.FromSeconds(60),
        OutageBackOff = TimeSpan.FromMilliseconds(4),
    };

    public TimeProvider Clock { get; }

    public FaultyLedgerStore Store { get; }

    public FaultyInstanceStore Instances { get; }

    public InstanceLease Lease { get; }

    public RequestLedger Ledger { get; }

    public ActivityOutbox Outbox { get; }

    public LedgerRecovery Recovery { get; }

    /// <summary>Fires when the process is killed: whoever waits within it waits no more.</summary>
    public CancellationToken Killed => _killed.Token;

    /// <summary>Kills it in the middle of whatever it does.</summary>
    public void Kill()
    {
        Store.Kill();
        Instances.Kill();
        _killed.Cancel();
    }

    public void Dispose() => _killed.Dispose();
}

using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

/// <summary>One ledger, one clock that only moves when it is moved, and as many instances as a test wants.</summary>
internal sealed class AllowanceWorld(DateTimeOffset? start = null)
{
    public static readonly UpstreamKeyId Key = new("upstream|groq|0123");
    private readonly List<FaultyLedgerStore> _ways = [];

    public ManualTime Time { get; } = new(start ?? new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero));

    public InMemoryLedgerStore Store { get; } = new();

    public int Trips => Store.Reads + Store.Transactions;

    public AllowanceInstance Instance(QuotaLeaseOptions? options = null, FaultRates? faults = null, TimeProvider? clock = null)
    {
        var way = new FaultyLedgerStore(Store, clock ?? Time, _ways.Count + 1, faults ?? FaultRates.None);
        _ways.Add(way);
        return new AllowanceInstance(
            new QuotaLeases(way, clock ?? Time, new Random(_ways.Count), options ?? new QuotaLeaseOptions(), NullLogger<QuotaLeases>.Instance), way);
    }

    public QuotaRow Row(BoundLimit limit, UpstreamKeyId? of = null)
    {
        var key = new QuotaKey(limit.Source, limit.Subject);
        return (Store.Quota((of ?? Key).Value, key) ?? QuotaRow.Absent(key)).Roll(limit.Limit, Time.GetUtcNow());
    }

    public static BoundLimit Limit(long amount, LimitWindow window = LimitWindow.Day, LimitUnit unit = LimitUnit.Requests) =>
        new($"upstream.{unit}-{window}", "*", new Limit($"{unit}-{window}".ToLowerInvariant(), unit, amount, window, LimitScope.Org));

    public static BoundLimit AtOnce(long amount) => Limit(amount, LimitWindow.None, LimitUnit.ConcurrentRequests);
}

using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>
/// An org's quota rows in memory, moved by the same rules as the real ones. It has one row for each limit and subject,
/// however many requests.
/// </summary>
/// <param name="begin">The row of a limit as it was when the day began.</param>
internal sealed class SimulatedLedger(Func<BoundLimit, CancellationToken, ValueTask<QuotaRow>> begin, LedgerOptions options)
{
    private static readonly QuotaKey Balance = new(Account.Source, Account.Prepaid.Subject);

    private readonly Dictionary<QuotaKey, QuotaRow> _rows = [];
    private long _bought;

    /// <summary>Finds out how the limits stood when the day began. Once for each of them.</summary>
    /// <exception cref="IOException">A store is out of reach.</exception>
    public async ValueTask OpenAsync(IReadOnlyList<Claim> takes, CancellationToken cancellation)
    {
        foreach (var take in takes)
        {
            if (!_rows.ContainsKey(take.Quota))
            {
                var row = await begin(take.Bound, cancellation);
                _rows[take.Quota] = take.Quota == Balance ? row with { Limit = row.Limit + _bought } : row;
            }
        }
    }

    /// <summary>
    /// Computes what would be taken of limits, or which of them are short. Each limit must have been opened.
    /// </summary>
    public Allocation Look(IReadOnlyList<Claim> takes, DateTimeOffset now) => Allocation.Of(takes, Row, now);

    public IReadOnlyList<Hold> Reserve(IReadOnlyList<Claim> takes, IReadOnlyList<long> amounts, DateTimeOffset now) => [.. takes.Zip(amounts, (take, amount) =>
    {
        var (row, hold) = Row(take.Quota).Reserve(take.Bound.Limit, amount, now, options.LeaseLasts);
        _rows[take.Quota] = row;
        return hold;
    })];

    public SettlementAmounts Settle(IReadOnlyList<Claim> used, IReadOnlyList<Hold> holds)
    {
        var booked = SettlementCalculator.Of(used, holds, Row);
        Settle(holds, booked.Amounts);
        return booked;
    }

    /// <summary>Replaces holds by amounts that are known to be right, one for each hold, in their order.</summary>
    public void Settle(IReadOnlyList<Hold> holds, IReadOnlyList<long> amounts)
    {
        foreach (var (hold, amount) in holds.Zip(amounts))
        {
            var row = Row(hold.Quota);
            if (row.Includes(hold))
            {
                _rows[hold.Quota] = row.Settle(hold, amount);
            }
        }
    }

    /// <summary>A purchase of the day.</summary>
    public void TopUp(long nanos)
    {
        _bought += nanos;
        if (_rows.TryGetValue(Balance, out var row))
        {
            _rows[Balance] = row with { Limit = row.Limit + nanos };
        }
    }

    private QuotaRow Row(QuotaKey key) => _rows[key];
}

using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// Goes through one transaction write by write with an arithmetic of its own, and says where a request took or booked
/// anything else than its limits allowed at that point.
/// </summary>
internal sealed class LedgerReplay(Func<QuotaKey, QuotaRow?> before, List<string> errors)
{
    private readonly Dictionary<QuotaKey, QuotaRow> _rows = [];

    public void Buy(Purchase purchase)
    {
        var account = Row(new QuotaKey(Account.Source, "*"));
        _rows[account.Key] = account with { Limit = account.Limit + purchase.Nanos };
    }

    public void Reserve(RequestRow request, IReadOnlyList<Claim>? takes)
    {
        var newRows = takes?.Count(take => take.Bound.Limit.Scope.IsOfEndUser() && Row(take.Quota).Window.Id is null) ?? 0;
        foreach (var hold in request.Holds.Where(hold => !ConcurrencyLeases.IsName(hold.Window)))
        {
            var row = Row(hold.Quota);
            PastWindow? past = row.Window.Id is { } over ? new PastWindow(over, row.Limit - row.Used - row.Reserved) : null;
            _rows[hold.Quota] = row.Window.Id == hold.Window ? row : row with { Window = new WindowSpan(hold.Window, null), Used = 0, Reserved = 0, Past = past };
        }

        foreach (var lease in request.Holds.Where(hold => ConcurrencyLeases.IsName(hold.Window) && Row(hold.Quota).Window.Id is null))
        {
            _rows[lease.Quota] = Row(lease.Quota) with { Window = new WindowSpan("now", null) };
        }

        if (takes is not null)
        {
            var payers = takes.Where(take => take.Kind is ClaimKind.Overage).ToList();
            var isPaid = payers.Count > 0 && payers.TrueForAll(payer => payer.AmountAfterGifts(0) <= Left(payer));
            var covered = isPaid ? 0 : takes.Where(IsGift).Select(take => Math.Min(take.Amount, Left(take))).DefaultIfEmpty(0).Min();
            foreach (var (take, hold) in takes.Zip(request.Holds))
            {
                var wanted = IsGift(take) ? covered : take.Kind is ClaimKind.NewRows ? newRows : take.Kind is ClaimKind.Overage ? Math.Max(0, take.AmountAfterGifts(covered)) : take.Amount;
                Check(hold.Amount == wanted, $"{request.RequestId} holds {hold.Amount} of {hold.Quota}, not {wanted}");
                Check(wanted <= Left(take), $"{request.RequestId} was given {wanted} of {hold.Quota}, which had {Left(take)}");
            }
        }

        Add(request, hold => hold.Amount, _ => 0);
    }

    /// <param name="used">What the request asked to be booked; null where its amounts were given.</param>
    public void Settle(RequestRow request, IReadOnlyList<Claim>? used, IReadOnlyList<long> amounts)
    {
        if (used is not null)
        {
            var pairs = used.Zip(request.Holds).ToList();
            var covered = pairs.Where(pair => IsGift(pair.First))
                .Select(pair => Math.Min(pair.First.Amount, Room(pair.First, pair.Second))).DefaultIfEmpty(0).Min();
            var charged = pairs.Where(pair => pair.First.Kind is ClaimKind.Overage)
                .Select(pair => Math.Min(Math.Max(0, pair.First.AmountAfterGifts(covered)), Room(pair.First, pair.Second))).DefaultIfEmpty(0).Min();
            foreach (var ((take, hold), amount) in pairs.Zip(amounts))
            {
                var truth = IsGift(take) ? covered
                    : take.Kind is ClaimKind.Overage ? charged
                    : IsLease(take) ? 0
                    : take.Kind is ClaimKind.NewRows ? hold.Amount
                    : take.Bound.Limit.Unit.IsStrict() ? Math.Min(take.Amount, Room(take, hold))
                    : take.Amount;
                Check(amount == truth, $"{request.RequestId} booked {amount} of {hold.Quota}, not {truth}");
            }
        }

        var booked = request.Holds.Zip(amounts).ToDictionary(pair => pair.First, pair => pair.Second);
        Add(request, hold => -hold.Amount, hold => booked[hold]);
    }

    public void GiveBack(RequestRow request) => Add(request, hold => -hold.Amount, LedgerAudit.Stays);

    private static bool IsGift(Claim take) => take.Kind is ClaimKind.Gift;

    private static bool IsLease(Claim take) => take.Bound.Limit.Unit is LimitUnit.ConcurrentRequests;

    private QuotaRow Row(QuotaKey key) => _rows.TryGetValue(key, out var row) ? row : before(key) ?? QuotaRow.Absent(key);

    /// <summary>Leases come and go with the clock: the audit compares their sets instead.</summary>
    private long Left(Claim take)
    {
        var row = Row(take.Quota);
        var amount = take.Bound.Limit.IsPurchased ? row.Limit : take.Bound.Limit.Amount;
        return IsLease(take) ? amount : Math.Max(0, amount - row.Used - row.Reserved);
    }

    private long Room(Claim take, Hold hold)
    {
        var row = Row(hold.Quota);
        return hold.Amount + (row.Window.Id == hold.Window ? Left(take) : row.Past is { } past && past.Window == hold.Window ? Math.Max(0, past.Left) : 0);
    }

    private void Add(RequestRow request, Func<Hold, long> reserved, Func<Hold, long> used)
    {
        foreach (var hold in request.Holds)
        {
            var row = Row(hold.Quota);
            if (row.Window.Id == hold.Window)
            {
                _rows[hold.Quota] = row with { Reserved = row.Reserved + reserved(hold), Used = row.Used + used(hold) };
            }
            else if (row.Past is { } past && past.Window == hold.Window)
            {
                _rows[hold.Quota] = row with { Past = past with { Left = past.Left - reserved(hold) - used(hold) } };
            }
        }
    }

    private void Check(bool holds, string error)
    {
        if (!holds)
        {
            errors.Add(error);
        }
    }
}

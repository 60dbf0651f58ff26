using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Freeway.Tests.Simulation.World;

namespace Freeway.Tests.Simulation.Checks;

/// <summary>
/// What the ledger's rows must say, by the history of transactions alone: who holds what, what was booked, what was bought.
/// It decides nothing and knows nothing of windows but their names.
/// </summary>
public sealed class LedgerModel(Func<TimeSpan> now, Func<string, bool> wasSent, Action<string> touched, Action<string> violated)
{
    private readonly Dictionary<(string Org, RequestKey Row), RequestRow> _rows = [];
    private readonly Dictionary<(string Org, QuotaKey Quota, string Window), (long Held, long Used)> _sums = [];
    private readonly Dictionary<(string Org, QuotaKey Quota, string Window), long> _excess = [];
    private readonly Dictionary<(string Org, QuotaKey Quota), QuotaRow> _quotas = [];
    private readonly Dictionary<string, int> _admitted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _bought = new(StringComparer.Ordinal);
    private readonly HashSet<(string Org, string Id)> _purchases = [];
    private readonly Dictionary<string, (RequestKey Row, TimeSpan At)> _ends = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Org, string Request), long> _charged = [];
    private readonly HashSet<string> _takenForDead = new(StringComparer.Ordinal);

    /// <summary>How often a request's reservation has landed; given back ones included.</summary>
    public int Admissions(string requestId) => _admitted.GetValueOrDefault(requestId);

    /// <summary>Requests whose reservation landed and was not given back unrecorded.</summary>
    public bool WasRecorded(string requestId) => _finished.GetValueOrDefault(requestId) > 0;

    public int Open => _rows.Count;

    /// <summary>The request rows that are there.</summary>
    public IReadOnlyCollection<RequestRow> Rows => _rows.Values;

    /// <summary>When the request's row was finished in the ledger; null where it was not.</summary>
    public TimeSpan? FinishedAt(string requestId) => _ends.TryGetValue(requestId, out var end) ? end.At : null;

    /// <summary>Whether the instance that had the request's row was ever taken for dead.</summary>
    public bool WasTakenForDead(string requestId) => _ends.TryGetValue(requestId, out var end) && _takenForDead.Contains(end.Row.Instance);

    public void TakenForDead(string instance) => _takenForDead.Add(instance);

    public string Describe() => string.Join(", ", _rows.Take(5).Select(pair => $"{pair.Value.RequestId} {(pair.Value.Open ? "open" : "finished")} of {pair.Key.Row.Instance}"));

    public IEnumerable<(string Org, QuotaRow Row)> Quotas => _quotas.Select(pair => (pair.Key.Org, pair.Value));

    /// <summary>How many counters of end users were counted as begun, on all days.</summary>
    public long BegunForEndUsers(string org) =>
        _sums.Where(sum => sum.Key.Org == org && sum.Key.Quota.Source is EndUserRows.Source).Sum(sum => sum.Value.Held + sum.Value.Used);

    public long Bought(string org) => _bought.GetValueOrDefault(org);

    /// <summary>What the ledger has charged for a request, in nano-dollars.</summary>
    public long Charged(string org, string requestId) => _charged.GetValueOrDefault((org, requestId));

    /// <summary>Keeps the history up to this moment.</summary>
    /// <returns>Takes back what has landed since.</returns>
    public Action Snapshot() => MemorySnapshot.Of(_rows) + MemorySnapshot.Of(_sums) + MemorySnapshot.Of(_excess) + MemorySnapshot.Of(_quotas)
        + MemorySnapshot.Of(_admitted) + MemorySnapshot.Of(_finished) + MemorySnapshot.Of(_bought) + MemorySnapshot.Of(_purchases)
        + MemorySnapshot.Of(_ends) + MemorySnapshot.Of(_charged);

    /// <summary>What a power cut has left is whole transactions: each row says what the history up to then says.</summary>
    public void CheckStored(InMemoryLedgerStore stored)
    {
        foreach (var org in _quotas.Keys.Select(quota => quota.Org).Distinct().ToList())
        {
            foreach (var row in stored.Quotas(org))
            {
                Check(org, row);
            }

            var (there, known) = (stored.Requests(org).Select(row => row.Key).ToHashSet(), _rows.Keys.Where(row => row.Org == org).Select(row => row.Row));
            if (!there.SetEquals(known))
            {
                violated($"after a power cut {org} has {there.Count} request rows, and not those of its history");
            }
        }
    }

    public void Landed(string org, IReadOnlyList<LedgerWrite> writes)
    {
        // The rows before this transaction; holds and amounts are told apart by what became of the request's row.
        foreach (var write in writes)
        {
            switch (write)
            {
                case LedgerWrite.PutRequest { Row: var row }:
                    Put(org, row);
                    break;
                case LedgerWrite.DeleteRequest { Key: var key }:
                    Delete(org, key, writes);
                    break;
                case LedgerWrite.AddPurchase { Purchase: var purchase }:
                    if (!_purchases.Add((org, purchase.Id)))
                    {
                        violated($"the purchase {purchase.Id} was added twice");
                    }

                    _bought[org] = _bought.GetValueOrDefault(org) + purchase.Nanos;
                    break;
            }
        }

        var reached = ReachedThresholds.Of(writes);
        foreach (var put in writes.OfType<LedgerWrite.PutQuota>())
        {
            reached.Check(org, put.Row, _quotas.GetValueOrDefault((org, put.Row.Key)), violated);
            Check(org, put.Row);
        }

        reached.CheckRest(org, violated);

        foreach (var put in writes.OfType<LedgerWrite.PutRequest>())
        {
            if (_rows.Values.Count(row => row.RequestId == put.Row.RequestId) > 1)
            {
                violated($"{put.Row.RequestId} has two rows");
            }
        }
    }

    private void Put(string org, RequestRow row)
    {
        touched(row.RequestId);
        var before = _rows.GetValueOrDefault((org, row.Key));
        if (row.Open)
        {
            if (before is { Open: true } || (before is not null && !wasSent(before.RequestId)))
            {
                violated($"{row.RequestId} was admitted over the row of {before.RequestId}, which was not sent");
            }

            _admitted[row.RequestId] = _admitted.GetValueOrDefault(row.RequestId) + 1;
            row.Holds.ToList().ForEach(hold => Add(org, hold.Quota, hold.Window, hold.Amount, 0));
            foreach (var hold in row.Holds.Where(hold => hold.Amount > 0))
            {
                _excess.Remove((org, hold.Quota, hold.Window));
            }
        }
        else
        {
            if (before is not { Open: true })
            {
                violated($"{row.RequestId} was finished without having been open");
                return;
            }

            if ((_finished[row.RequestId] = _finished.GetValueOrDefault(row.RequestId) + 1) > 1)
            {
                violated($"{row.RequestId} was finished twice");
            }

            _ends[row.RequestId] = (row.Key, now());
            before.Holds.ToList().ForEach(hold => Add(org, hold.Quota, hold.Window, -hold.Amount, 0));
            var record = ActivityJson.Read(row.Record.Span);
            foreach (var booked in record.Booked ?? [])
            {
                var quota = new QuotaKey(booked.Limit, booked.Subject);
                Add(org, quota, booked.Window, 0, booked.Amount);
                var held = before.Holds.Where(hold => hold.Quota == quota && hold.Window == booked.Window).Sum(hold => hold.Amount);
                var excess = _excess.GetValueOrDefault((org, quota, booked.Window));
                _excess[(org, quota, booked.Window)] = excess + Math.Max(0, booked.Amount - held);
            }

            _charged[(org, row.RequestId)] = Charged(org, row.RequestId) + record.CostNanos;
            CheckGifts(org, row, before.Holds, record.CostNanos);

            // What a request may have used before it was cut off counts, unless it is money.
            if (record.ErrorCode is "aborted" && before.Holds.Any(hold =>
                hold.Amount > 0 && !Account.Pays(hold.Quota.Source) && !ConcurrencyLeases.IsName(hold.Window) && record.Booked?.Any(booked => booked.Limit == hold.Quota.Source && booked.Amount == hold.Amount) is not true))
            {
                violated($"{row.RequestId} was aborted and not all that it held is booked");
            }
        }

        _rows[(org, row.Key)] = row;
    }

    /// <summary>
    /// Nothing is billed while the gift of the same window has something left, which is neither used nor held by a
    /// request that the account could not pay: also not where the window is over by then.
    /// </summary>
    private void CheckGifts(string org, RequestRow row, IReadOnlyList<Hold> holds, long charged)
    {
        var gifts = holds.Where(hold => hold.Quota.Source == SimCatalogue.GiftSource).ToList();
        if (charged > 0 && gifts.Count > 0 && gifts.TrueForAll(HasLeft))
        {
            violated($"{row.RequestId} was billed {charged} while {SimCatalogue.GiftSource} of {org} had something left in {gifts[0].Window}");
        }

        bool HasLeft(Hold gift)
        {
            var (held, used) = _sums.GetValueOrDefault((org, gift.Quota, gift.Window));
            return held + used < SimCatalogue.GiftAmount;
        }
    }

    /// <summary>
    /// A gift is never over. A hard limit on tokens may be, by no more than what the requests that were open when it last
    /// admitted one used beyond what they held.
    /// </summary>
    private void CheckTokens(string org, QuotaRow row)
    {
        var isGift = row.Key.Source == SimCatalogue.GiftSource;
        var excess = isGift ? 0 : _excess.GetValueOrDefault((org, row.Key, row.Window.Id));
        if (row.Unit is LimitUnit.Tokens && row.Used + row.Reserved > row.Limit + excess)
        {
            violated(
                $"{row.Key.Source} of {org} is over by more than its requests' excess of {excess}: "
                    + $"{row.Used}+{row.Reserved} of {row.Limit}");
        }
    }

    private void Delete(string org, RequestKey key, IReadOnlyList<LedgerWrite> beside)
    {
        if (!_rows.Remove((org, key), out var row))
        {
            violated($"a row that was not there was deleted: {key}");
            return;
        }

        touched(row.RequestId);

        if (row.Open)
        {
            // The counters that it began for an end user are there.
            row.Holds.ToList().ForEach(hold => Add(
                org, hold.Quota, hold.Window, -hold.Amount, hold.Quota.Source is EndUserRows.Source ? hold.Amount : 0));
        }
        else if (beside.OfType<LedgerWrite.PutRequest>().Any(put => put.Row.Open && put.Row.RequestId == row.RequestId))
        {
            // Another way was taken in the place of one that failed: what comes of that one is the request's record.
            _finished[row.RequestId]--;
        }
    }

    private void Add(string org, QuotaKey quota, string window, long held, long used)
    {
        var sum = _sums.GetValueOrDefault((org, quota, window));
        _sums[(org, quota, window)] = (sum.Held + held, sum.Used + used);
    }

    private void Check(string org, QuotaRow row)
    {
        if (row.Unit is LimitUnit.ConcurrentRequests ? row.Reserved > row.Limit : row.Unit is LimitUnit.Requests or LimitUnit.EndUserRows && row.Used + row.Reserved > row.Limit)
        {
            violated($"{row.Key.Source}/{row.Key.Subject} of {org} is over: {row.Used}+{row.Reserved} of {row.Limit}");
        }

        _quotas.TryGetValue((org, row.Key), out var before);
        _quotas[(org, row.Key)] = row;
        if (UpstreamCalls.IsOf(org) || row.Unit is LimitUnit.ConcurrentRequests)
        {
            // Blocks of an upstream and leases are no sum of what requests hold.
            return;
        }

        CheckTokens(org, row);
        var (held, used) = _sums.GetValueOrDefault((org, row.Key, row.Window.Id));
        if (row.Reserved != held || row.Used != used)
        {
            violated($"{row.Key.Source}/{row.Key.Subject} of {org} in {row.Window.Id} says {row.Used}+{row.Reserved}, the history {used}+{held}");
        }

        if (row.Key.Source is Account.Source && row.Limit != Bought(org))
        {
            violated($"the account of {org} says that {row.Limit} were bought, the history {Bought(org)}");
        }

        if (row.Key.Source is Account.Source && row.Used + row.Reserved > row.Limit)
        {
            violated($"the account of {org} spent {row.Used} and holds {row.Reserved}, and {row.Limit} were bought");
        }

        if (before is not null && string.CompareOrdinal(row.Window.Id, before.Window.Id) < 0)
        {
            violated($"{row.Key.Source}/{row.Key.Subject} of {org} went back from {before.Window.Id} to {row.Window.Id}");
        }
    }
}

using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// Keeps its own books of everything that lands and compares them with the rows after each transaction: nothing over a
/// limit but what settlements used above their holds of limits that allow it; what is reserved is what open requests
/// hold, what is used is what was settled, what an account has bought is what purchases say; each request's share of
/// gift and charge is exact; no window goes back, no request ends twice, no lease is left over, no Idempotency-Key
/// admits twice.
/// </summary>
public sealed class LedgerAudit
{
    /// <summary>How far the clocks of a race are apart, at most.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Org, RequestKey Row), RequestRow> _requests = [];
    private readonly Dictionary<(string Org, QuotaKey Quota), QuotaRow> _quotas = [];
    private readonly Dictionary<(string Org, QuotaKey Quota, string Window), long> _used = [];
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Org, QuotaKey Quota, string Window), long> _overshot = [];
    private readonly Dictionary<string, IReadOnlyList<Claim>> _takes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Claim>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Org, IdempotencyKey Key), IdempotencyRow> _repeats = [];
    private readonly Dictionary<(string Org, string Id), long> _bought = [];
    private readonly HashSet<string> _admitted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);
    private readonly LimitHistory _history = new();
    private readonly List<string> _errors = [];
    private readonly Func<DateTimeOffset> _now;

    public LedgerAudit(InMemoryLedgerStore store, SharedTime time)
    {
        store.Landed = Landed;
        _now = () => time.Now;
    }

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_gate)
            {
                return [.. _errors];
            }
        }
    }

    /// <summary>How many transactions have landed.</summary>
    public int Transactions { get; private set; }

    /// <summary>Requests whose row has landed.</summary>
    public int Admitted => Count(_admitted);

    /// <summary>How often a request's finished record has landed.</summary>
    public int Finished(string requestId)
    {
        lock (_gate)
        {
            return _finished.GetValueOrDefault(requestId);
        }
    }

    public bool WasAdmitted(string requestId)
    {
        lock (_gate)
        {
            return _admitted.Contains(requestId);
        }
    }

    public bool WasRevoked(string requestId)
    {
        lock (_gate)
        {
            return _revoked.Contains(requestId);
        }
    }

    /// <summary>What was settled in a window while it was the row's.</summary>
    public long Used(string org, QuotaKey quota, string window)
    {
        lock (_gate)
        {
            return _used.GetValueOrDefault((org, quota, window));
        }
    }

    /// <summary>How much of a window's limit was used above what was held, by settlements that may do so.</summary>
    public long Overshot(string org, QuotaKey quota, string window)
    {
        lock (_gate)
        {
            return _overshot.GetValueOrDefault((org, quota, window));
        }
    }

    public bool WasBought(string org, string id)
    {
        lock (_gate)
        {
            return _bought.ContainsKey((org, id));
        }
    }

    /// <summary>What a request is about to take: its holds are checked against this.</summary>
    public void Expect(string requestId, IReadOnlyList<Claim> takes)
    {
        lock (_gate)
        {
            _takes[requestId] = takes;
        }
    }

    /// <summary>What a request is about to have booked: the amounts are checked against this.</summary>
    public void ExpectUse(string requestId, IReadOnlyList<Claim> used)
    {
        lock (_gate)
        {
            _uses[requestId] = used;
        }
    }

    /// <summary>
    /// True where a process may refuse this request by rows that were no older than these ages when it was asked.
    /// </summary>
    /// <param name="openAge">Of rows that refuse by what open requests hold.</param>
    /// <param name="settledAge">Of rows that refuse by settled use alone.</param>
    public bool WasSpent(string org, RaceRefusal refusal, TimeSpan openAge, TimeSpan settledAge)
    {
        lock (_gate)
        {
            return _history.WasSpent(org, refusal, openAge, settledAge);
        }
    }

    /// <summary>A record whose amounts the audit can read back, with what was covered and charged.</summary>
    public static byte[] Record(string requestId, SettlementAmounts booked) => ActivityJson.Write(ActivityJson.Read(Record(requestId, booked.Amounts)) with
    {
        GiftedTokens = booked.Covered,
        CostNanos = booked.Charged,
    });

    /// <summary>A record whose amounts the audit can read back.</summary>
    public static byte[] Record(string requestId, IReadOnlyList<long> used) => ActivityJson.Write(Draft(requestId) with
    {
        Status = 200,
        App = string.Join(' ', used.Select(amount => amount.ToString(CultureInfo.InvariantCulture))),
    });

    public static ActivityRecord Draft(string requestId) => new()
    {
        Id = requestId,
        Time = new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero),
        Org = "acme",
        Key = "key-1",
        Endpoint = "chat/completions",
        Slug = "demo/echo:free",
        Model = "demo/echo",
        Tier = "free",
    };

    /// <summary>
    /// What is used of a hold that is given back: the counters of end users that were begun are there.
    /// </summary>
    internal static long Stays(Hold hold) => hold.Quota.Source is EndUserRows.Source ? hold.Amount : 0;

    private static IReadOnlyList<long> UsedBy(RequestRow finished)
    {
        var record = ActivityJson.Read(finished.Record.Span);
        return record.ErrorCode is "aborted"
            ? [.. finished.Holds.Select(hold => Account.Pays(hold.Quota.Source) || ConcurrencyLeases.IsName(hold.Window) ? 0 : hold.Amount)]
            : [.. record.App!.Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
    }

    private int Count(HashSet<string> ids)
    {
        lock (_gate)
        {
            return ids.Count;
        }
    }

    private void Landed(string org, IReadOnlyList<LedgerWrite> writes)
    {
        lock (_gate)
        {
            Transactions++;
            Replay(org, writes);
            foreach (var put in writes.OfType<LedgerWrite.PutQuota>())
            {
                var before = _quotas.GetValueOrDefault((org, put.Row.Key));
                Check(before is null || string.CompareOrdinal(before.Window.Id, put.Row.Window.Id) <= 0, $"{put.Row.Key} went back from {before?.Window.Id} to {put.Row.Window.Id}");
                _quotas[(org, put.Row.Key)] = put.Row;
                _history.Add(org, put.Row, _now());
            }

            foreach (var write in writes)
            {
                Book(org, write, writes);
            }

            foreach (var row in writes.OfType<LedgerWrite.PutRequest>().Select(put => put.Row).Where(row => row is { Open: false, Idempotency: not null }))
            {
                Check(Repeat(org, row) is not { Outcome: null }, $"{row.RequestId} has ended and its Idempotency-Key does not say so");
            }

            foreach (var gone in writes.OfType<LedgerWrite.DeleteQuota>())
            {
                Check(_quotas.Remove((org, gone.Key), out var idle) && idle.Reserved is 0, $"{gone.Key} was deleted while it holds {idle?.Reserved}");
            }

            foreach (var row in _quotas.Where(pair => pair.Key.Org == org).Select(pair => pair.Value))
            {
                Compare(org, row);
            }
        }
    }

    private void Replay(string org, IReadOnlyList<LedgerWrite> writes)
    {
        var errors = new List<string>();
        var replay = new LedgerReplay(key => _quotas.GetValueOrDefault((org, key)), errors);
        foreach (var write in writes)
        {
            switch (write)
            {
                case LedgerWrite.AddPurchase { Purchase: var purchase }:
                    replay.Buy(purchase);
                    break;
                case LedgerWrite.PutRequest { Row: { Open: true } row }:
                    replay.Reserve(row, _takes.GetValueOrDefault(row.RequestId));
                    break;
                case LedgerWrite.PutRequest { Row: var row }:
                    var record = ActivityJson.Read(row.Record.Span);
                    replay.Settle(row, record.ErrorCode is "aborted" ? null : _uses.GetValueOrDefault(row.RequestId), UsedBy(row));
                    break;
                case LedgerWrite.DeleteRequest delete when _requests.GetValueOrDefault((org, delete.Key)) is { Open: true } row:
                    replay.GiveBack(row);
                    break;
            }
        }

        errors.ForEach(error => Check(false, error));
    }

    private void Book(string org, LedgerWrite write, IReadOnlyList<LedgerWrite> writes)
    {
        switch (write)
        {
            case LedgerWrite.PutRequest { Row: { Open: true } row }:
                Check(_requests.GetValueOrDefault((org, row.Key)) is not { Open: true }, $"{row.RequestId} was admitted twice");
                _requests[(org, row.Key)] = row;
                Check(_admitted.Add(row.RequestId) || TakesThePlaceOfAnother(org, row, writes), $"{row.RequestId} was admitted under two names");
                Check(
                    row.Idempotency is not { } key || writes.OfType<LedgerWrite.PutIdempotency>().Any(put => put.Row.Key == key && put.Row.RequestId == row.RequestId),
                    $"{row.RequestId} was admitted without its Idempotency-Key");
                break;
            case LedgerWrite.PutRequest { Row: var row }:
                Check(_requests[(org, row.Key)].Open, $"{row.RequestId} was settled twice");
                _requests[(org, row.Key)] = row;
                _finished[row.RequestId] = _finished.GetValueOrDefault(row.RequestId) + 1;
                foreach (var (hold, used) in row.Holds.Zip(UsedBy(row)).Where(pair => _quotas.GetValueOrDefault((org, pair.First.Quota))?.Window.Id == pair.First.Window))
                {
                    var at = (org, hold.Quota, hold.Window);
                    _used[at] = _used.GetValueOrDefault(at) + used;
                    _overshot[at] = _overshot.GetValueOrDefault(at) + (_quotas[(org, hold.Quota)].Unit.IsStrict() ? 0 : Math.Max(0, used - hold.Amount));
                }

                break;
            case LedgerWrite.DeleteRequest delete:
                if (_requests.Remove((org, delete.Key), out var gone) && gone.Open)
                {
                    _revoked.Add(gone.RequestId);
                    foreach (var hold in gone.Holds.Where(hold => Stays(hold) > 0))
                    {
                        var at = (org, hold.Quota, hold.Window);
                        _used[at] = _used.GetValueOrDefault(at) + Stays(hold);
                    }

                    Check(
                        Repeat(org, gone) is null || writes.OfType<LedgerWrite.DeleteIdempotency>().Any(other => other.Key == gone.Idempotency),
                        $"{gone.RequestId} was given back and its Idempotency-Key was not");
                }

                break;
            case LedgerWrite.PutIdempotency { Row: var row }:
                Check(
                    _repeats.GetValueOrDefault((org, row.Key)) is not { } other || other.RequestId == row.RequestId || !other.IsCurrent(_now() + Skew),
                    $"{row.RequestId} took an Idempotency-Key that was in use");
                _repeats[(org, row.Key)] = row;
                break;
            case LedgerWrite.DeleteIdempotency delete:
                _repeats.Remove((org, delete.Key));
                break;
            case LedgerWrite.AddPurchase { Purchase: var purchase }:
                Check(_bought.TryAdd((org, purchase.Id), purchase.Nanos), $"{purchase.Id} was bought twice");
                break;
        }
    }

    private IdempotencyRow? Repeat(string org, RequestRow row) =>
        row.Idempotency is { } key && _repeats.GetValueOrDefault((org, key)) is { } repeat && repeat.RequestId == row.RequestId ? repeat : null;

    private void Compare(string org, QuotaRow row)
    {
        var holds = _requests.Where(pair => pair.Key.Org == org && pair.Value.Open)
            .SelectMany(pair => pair.Value.Holds).Where(hold => hold.Quota == row.Key).ToList();
        var leases = row.Leases.Count is 0 ? [] : row.Leases.Text.Split(' ').ToList();
        var held = holds.Where(hold => hold.Window == row.Window.Id).Sum(hold => hold.Amount) + leases.Count;
        Check(row.Reserved == held, $"{row.Key} {row.Window.Id} has {row.Reserved} reserved, open requests hold {held}");
        foreach (var lease in holds.Select(hold => hold.Window).Where(window => ConcurrencyLeases.IsName(window) && !leases.Remove(window)))
        {
            Check(ConcurrencyLeases.IsOver(lease, _now() + Skew), $"{row.Key} has lost the lease {lease}");
        }

        // One that is over counts for nothing: it goes with the next reservation, not with the settlement that came too
        // late for it.
        leases.RemoveAll(lease => ConcurrencyLeases.IsOver(lease, _now() + Skew));
        Check(leases.Count is 0, $"{row.Key} has leases of nobody: {string.Join(' ', leases)}");
        var used = _used.GetValueOrDefault((org, row.Key, row.Window.Id));
        Check(row.Used == used, $"{row.Key} {row.Window.Id} has {row.Used} used, settled were {used}");
        if (row.Key.Source is Account.Source)
        {
            var bought = _bought.Where(pair => pair.Key.Org == org).Sum(pair => pair.Value);
            Check(row.Limit == bought, $"The account has {row.Limit} bought, purchases were {bought}");
        }

        var most = row.Limit + _overshot.GetValueOrDefault((org, row.Key, row.Window.Id));
        Check(row.Used + row.Reserved <= most, $"{row.Key} {row.Window.Id} is over: {row.Used} + {row.Reserved} > {most}");
    }

    private void Check(bool holds, string error)
    {
        if (!holds && _errors.Count < 20)
        {
            _errors.Add($"{Transactions}: {error}");
        }
    }

    /// <summary>Of one request: its earlier row, finished, goes in the same transaction.</summary>
    private bool TakesThePlaceOfAnother(string org, RequestRow row, IReadOnlyList<LedgerWrite> writes) => writes.OfType<LedgerWrite.DeleteRequest>()
        .Any(delete => _requests.TryGetValue((org, delete.Key), out var before) && !before.Open && before.RequestId == row.RequestId);
}

using System.Globalization;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// Keeps its own books of everything that lands and compares them with the rows after each transaction: nothing over a limit,
/// what is reserved is what open requests hold, what is used is what was settled, no window goes back, no request ends twice.
/// </summary>
public sealed class LedgerAudit
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Org, RequestKey Row), RequestRow> _requests = [];
    private readonly Dictionary<(string Org, QuotaKey Quota), QuotaRow> _quotas = [];
    private readonly Dictionary<(string Org, QuotaKey Quota, string Window), long> _used = [];
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal);
    private readonly HashSet<string> _admitted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Org, QuotaKey Quota), List<(DateTimeOffset At, long Left)>> _left = [];
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

    /// <summary>True where a limit could not have given this amount at some moment between these two.</summary>
    public bool WasSpent(string org, Take take, DateTimeOffset from, DateTimeOffset until)
    {
        if (take.Amount > take.Bound.Limit.Amount)
        {
            return true;
        }

        lock (_gate)
        {
            var history = _left.GetValueOrDefault((org, take.Quota)) ?? [];
            var first = Math.Max(0, history.FindLastIndex(state => state.At <= from));
            return history.Skip(first).TakeWhile(state => state.At <= until).Any(state => state.Left < take.Amount);
        }
    }

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

    private static IReadOnlyList<long> UsedBy(RequestRow finished)
    {
        var record = ActivityJson.Read(finished.Record.Span);
        return record.ErrorCode is "aborted"
            ? [.. finished.Holds.Select(hold => hold.Amount)]
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
            foreach (var put in writes.OfType<LedgerWrite.PutQuota>())
            {
                var before = _quotas.GetValueOrDefault((org, put.Row.Key));
                Check(before is null || string.CompareOrdinal(before.Window.Id, put.Row.Window.Id) <= 0, $"{put.Row.Key} went back from {before?.Window.Id} to {put.Row.Window.Id}");
                _quotas[(org, put.Row.Key)] = put.Row;
                (_left.TryGetValue((org, put.Row.Key), out var history) ? history : _left[(org, put.Row.Key)] = [])
                    .Add((_now(), put.Row.Limit - put.Row.Used - put.Row.Reserved));
            }

            foreach (var write in writes)
            {
                Book(org, write);
            }

            foreach (var row in _quotas.Where(pair => pair.Key.Org == org).Select(pair => pair.Value))
            {
                Compare(org, row);
            }
        }
    }

    private void Book(string org, LedgerWrite write)
    {
        switch (write)
        {
            case LedgerWrite.PutRequest { Row: { Open: true } row }:
                Check(_requests.TryAdd((org, row.Key), row), $"{row.RequestId} was admitted twice");
                Check(_admitted.Add(row.RequestId), $"{row.RequestId} was admitted under two names");
                break;
            case LedgerWrite.PutRequest { Row: var row }:
                Check(_requests[(org, row.Key)].Open, $"{row.RequestId} was settled twice");
                _requests[(org, row.Key)] = row;
                _finished[row.RequestId] = _finished.GetValueOrDefault(row.RequestId) + 1;
                foreach (var (hold, used) in row.Holds.Zip(UsedBy(row)).Where(pair => _quotas[(org, pair.First.Quota)].Window.Id == pair.First.Window))
                {
                    var at = (org, hold.Quota, hold.Window);
                    _used[at] = _used.GetValueOrDefault(at) + used;
                }

                break;
            case LedgerWrite.DeleteRequest delete:
                if (_requests.Remove((org, delete.Key), out var gone) && gone.Open)
                {
                    _revoked.Add(gone.RequestId);
                }

                break;
        }
    }

    private void Compare(string org, QuotaRow row)
    {
        var held = _requests.Where(pair => pair.Key.Org == org && pair.Value.Open)
            .SelectMany(pair => pair.Value.Holds).Where(hold => hold.Quota == row.Key && hold.Window == row.Window.Id).Sum(hold => hold.Amount);
        Check(row.Reserved == held, $"{row.Key} {row.Window.Id} has {row.Reserved} reserved, open requests hold {held}");
        var used = _used.GetValueOrDefault((org, row.Key, row.Window.Id));
        Check(row.Used == used, $"{row.Key} {row.Window.Id} has {row.Used} used, settled were {used}");
        Check(row.Used + row.Reserved <= row.Limit, $"{row.Key} {row.Window.Id} is over: {row.Used} + {row.Reserved} > {row.Limit}");
    }

    private void Check(bool holds, string error)
    {
        if (!holds && _errors.Count < 20)
        {
            _errors.Add($"{Transactions}: {error}");
        }
    }
}

using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Operations.Reconciliation;

/// <summary>
/// Counts an org's books anew from its records. It keeps sums of the days that were asked for and of the counters that
/// there are, so that its size does not grow with the number of records.
/// </summary>
internal sealed class RecordTally
{
    private readonly DateOnly _from;
    private readonly Dictionary<(QuotaKey Quota, string Window), long> _booked;
    private readonly Dictionary<(DateOnly Day, string Model, string Tier, string Key), DailyUsage> _sums = [];
    private readonly Dictionary<string, ActivityRecord> _waiting = new(StringComparer.Ordinal);
    private DateTimeOffset _silentUntil = DateTimeOffset.MinValue;

    public RecordTally(LedgerSnapshot look, DateOnly from)
    {
        _from = from;
        _booked = look.Quotas.ToDictionary(row => (row.Key, row.Window.Id), _ => 0L);
        foreach (var row in look.Requests.Where(row => !row.Open))
        {
            if (TryRead(row) is { } record)
            {
                _waiting[record.Id] = record;
            }
            else
            {
                // Nobody can say what it took, nor of which day it is.
                _silentUntil = DateTimeOffset.MaxValue;
            }
        }
    }

    public IReadOnlyCollection<DailyUsage> Sums => _sums.Values;

    /// <summary>
    /// Gets the sum that is charged by records that had not come into the activity log, in nano-dollars.
    /// </summary>
    public long WaitingCost => _waiting.Values.Sum(record => record.CostNanos);

    /// <summary>The earliest of them; null where none waits.</summary>
    public DateTimeOffset? FirstWaiting => _waiting.Count is 0 ? null : _waiting.Values.Min(record => record.Time);

    /// <summary>Adds a record of the activity.</summary>
    public void Add(ActivityRecord record)
    {
        _waiting.Remove(record.Id);
        Book(record);
        if (DailyUsage.For(record) is var sum && sum.Day >= _from)
        {
            var key = (sum.Day, sum.Model, sum.Tier, sum.Key);
            _sums[key] = _sums.GetValueOrDefault(key, sum).With(record);
        }
    }

    /// <summary>Counts what waits in the outbox and was not among the records; after all of those.</summary>
    public void AddWaiting()
    {
        foreach (var record in _waiting.Values)
        {
            Book(record);
        }
    }

    /// <summary>Gets the amount that the records say was taken of a counter in its window.</summary>
    public long Booked(QuotaRow row) => _booked.GetValueOrDefault((row.Key, row.Window.Id));

    /// <summary>Tells whether all records after a moment say what they took of limits; older ones may not.</summary>
    public bool TellsFrom(DateTimeOffset start) => start > _silentUntil;

    private static ActivityRecord? TryRead(RequestRow row)
    {
        try
        {
            return ActivityJson.Read(row.Record.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Book(ActivityRecord record)
    {
        if (record.Booked is not { } booked)
        {
            _silentUntil = record.Time > _silentUntil ? record.Time : _silentUntil;
            return;
        }

        foreach (var (limit, subject, window, amount) in booked)
        {
            var counter = (new QuotaKey(limit, subject), window);
            if (_booked.TryGetValue(counter, out var sum))
            {
                _booked[counter] = sum + amount;
            }
        }
    }
}

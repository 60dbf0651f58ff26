using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Counts refusals in memory, so that a refused request costs no storage operation, and writes the counts every few
/// seconds. What was counted since the last write is lost with the process: some seconds of counts, never a record.
/// </summary>
public sealed class RefusalCounter(IRefusalStore store, IdSource ids, TimeProvider clock, ILogger<RefusalCounter> logger)
{
    /// <summary>
    /// The most counts that are kept in memory. A refusal that would need one more is not counted, which is logged.
    /// </summary>
    public const int MostCounts = 20_000;

    private const int OrgsAtOnce = 8;

    private readonly string _writer = ids.Next();
    private readonly Lock _gate = new();
    private readonly AsyncLock _writing = new();
    private readonly Dictionary<RefusalKey, (long Count, long Written)> _counts = [];
    private DateTimeOffset _minute;
    private long _uncounted;

    /// <summary>
    /// Counts one refusal. Call it only for callers who are known: a stranger must not make anything grow.
    /// </summary>
    /// <param name="model">A model id of the catalogue, <c>auto</c> or <see cref="RefusalKey.UnknownModel"/>.</param>
    public void Count(string org, string model, Variant variant, Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        lock (_gate)
        {
            Advance();
            var key = new RefusalKey(
                org,
                _minute,
                model,
                variant is Variant.None ? null : variant.WireName(),
                refusal.Code.WireName(),
                refusal.Limit?.Source);
            if (_counts.TryGetValue(key, out var before))
            {
                _counts[key] = before with { Count = before.Count + 1 };
            }
            else if (_counts.Count < MostCounts)
            {
                _counts[key] = (1, 0);
            }
            else
            {
                _uncounted++;
            }
        }
    }

    /// <summary>
    /// Writes the counts that have changed. A count that cannot be written now stays for the next time.
    /// </summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        using (await _writing.EnterAsync(cancellation))
        {
            await SideBySide.ForEachAsync(
                Unwritten().GroupBy(count => count.Key.Org, StringComparer.Ordinal),
                OrgsAtOnce,
                (org, token) => WriteAsync(org.Key, [.. org], token),
                cancellation);
        }

        Forget();
    }

    private List<RefusalCount> Unwritten()
    {
        lock (_gate)
        {
            var changed = _counts.Where(pair => pair.Value.Count > pair.Value.Written);
            return [.. changed.Select(pair => new RefusalCount(pair.Key, pair.Value.Count))];
        }
    }

    private async Task WriteAsync(string org, IReadOnlyList<RefusalCount> counts, CancellationToken cancellation)
    {
        try
        {
            await store.SaveAsync(_writer, org, counts, cancellation);
        }
        catch (IOException outage)
        {
            ActivityLogMessages.RefusalsWait(logger, org, counts.Count, outage.Message);
            return;
        }

        lock (_gate)
        {
            foreach (var (key, count) in counts)
            {
                _counts[key] = _counts[key] with { Written = count };
            }
        }
    }

    /// <summary>
    /// Moves on to the present minute. A clock that is set back must not reopen one that was written.
    /// </summary>
    private void Advance()
    {
        var now = clock.GetUtcNow();
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        _minute = minute > _minute ? minute : _minute;
    }

    private void Forget()
    {
        long uncounted;
        lock (_gate)
        {
            Advance();
            var passed = _counts.Where(pair => pair.Key.Minute < _minute);
            foreach (var (key, _) in passed.Where(pair => pair.Value.Count == pair.Value.Written).ToList())
            {
                _counts.Remove(key);
            }

            (uncounted, _uncounted) = (_uncounted, 0);
        }

        if (uncounted > 0)
        {
            ActivityLogMessages.RefusalsUncounted(logger, uncounted);
        }
    }
}

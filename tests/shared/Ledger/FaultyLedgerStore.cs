using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// One process's way to a ledger store, on which things go wrong: answers are lost, requests never leave, writes land
/// after their time-out, reads fail, a rival writes in between. A killed process hears nothing more, and nothing of it
/// is sent.
/// </summary>
public sealed class FaultyLedgerStore(ILedgerStore inner, TimeProvider clock, int seed, FaultRates rates) : ILedgerStore
{
    /// <summary>No service works longer on one operation: a write that has not landed by then never will.</summary>
    private static readonly TimeSpan LongestOperation = TimeSpan.FromSeconds(30);

    private readonly StoreChance _chance = new(seed);
    private readonly Lock _gate = new();
    private readonly List<(string Org, IReadOnlyList<LedgerWrite> Writes, DateTimeOffset SentAt)> _late = [];
    private volatile bool _killed;
    private int _calls;

    public FaultRates Rates { get; set; } = rates;

    /// <summary>How often another process rewrites one of the quota rows just before a commit arrives.</summary>
    public double RivalRate { get; set; }

    /// <summary>While true every read fails and no write is sent.</summary>
    public bool Down { get; set; }

    /// <summary>The same for one org only.</summary>
    public string? DownFor { get; set; }

    /// <summary>How likely a late write lands before each later call.</summary>
    public double LateLands { get; set; } = 0.15;

    /// <summary>Answers a commit by itself where it returns something.</summary>
    public Func<IReadOnlyList<LedgerWrite>, CommitOutcome?>? Answer { get; set; }

    /// <summary>Awaited before each commit is sent.</summary>
    public Func<IReadOnlyList<LedgerWrite>, Task>? Committing { get; set; }

    /// <summary>Awaited before each read is sent.</summary>
    public Func<Task>? Reading { get; set; }

    /// <summary>Reads and commits asked for.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public void Kill() => _killed = true;

    public Task<IReadOnlyList<QuotaRow>> ReadQuotasAsync(string org, IReadOnlyCollection<QuotaKey> keys, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ReadQuotasAsync(org, keys, cancellation));

    public Task<IReadOnlyList<ExpiredQuota>> ListExpiredAsync(
        string org, DateTimeOffset before, QuotaKey? after, int most, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ListExpiredAsync(org, before, after, most, cancellation));

    public Task<IReadOnlyList<QuotaRow>> ListQuotasAsync(string org, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ListQuotasAsync(org, cancellation));

    public Task<IReadOnlyList<RequestRow>> ReadRequestsAsync(string org, string instance, long first, long last, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ReadRequestsAsync(org, instance, first, last, cancellation));

    public Task<IReadOnlyList<RequestRow>> ListRequestsAsync(string org, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ListRequestsAsync(org, cancellation));

    public Task<IdempotencyRow?> FindIdempotencyRowAsync(string org, IdempotencyKey key, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.FindIdempotencyRowAsync(org, key, cancellation));

    public Task<IReadOnlyList<IdempotencyRow>> ListIdempotencyRowsAsync(string org, DateTimeOffset before, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ListIdempotencyRowsAsync(org, before, cancellation));

    public Task<Purchase?> FindPurchaseAsync(string org, string id, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.FindPurchaseAsync(org, id, cancellation));

    public Task<IReadOnlyList<Purchase>> ListPurchasesAsync(string org, CancellationToken cancellation) =>
        ReadAsync(org, () => inner.ListPurchasesAsync(org, cancellation));

    public async Task<CommitOutcome> CommitAsync(string org, IReadOnlyList<LedgerWrite> writes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        await HangIfKilledAsync();
        var sentAt = clock.GetUtcNow();
        if (Committing is { } committing)
        {
            await committing(writes);
        }

        await _chance.DawdleAsync();
        await LandAsync(all: false);
        if (_chance.Happens(RivalRate))
        {
            await RewriteOneAsync(org, writes);
        }

        if (Answer?.Invoke(writes) is { } answer)
        {
            return answer;
        }

        if (Down || DownFor == org)
        {
            await HangIfKilledAsync();
            return CommitOutcome.NotSent;
        }

        switch (_chance.Draw(Rates))
        {
            case StoreFate.NeverSent or StoreFate.Busy:
                await HangIfKilledAsync();
                return CommitOutcome.Unknown;
            case StoreFate.Late:
                lock (_gate)
                {
                    _late.Add((org, writes, sentAt));
                }

                await HangIfKilledAsync();
                return CommitOutcome.Unknown;
            case StoreFate.AnswerLost:
                await SendAsync(org, writes, sentAt);
                await HangIfKilledAsync();
                return CommitOutcome.Unknown;
            default:
                var outcome = await SendAsync(org, writes, sentAt);
                await _chance.DawdleAsync();
                await HangIfKilledAsync();
                return outcome;
        }
    }

    /// <summary>Lets what is still late land, if it can.</summary>
    public Task LandAllAsync() => LandAsync(all: true);

    private async Task<CommitOutcome> SendAsync(string org, IReadOnlyList<LedgerWrite> writes, DateTimeOffset sentAt) =>
        clock.GetUtcNow() - sentAt > LongestOperation ? CommitOutcome.Unknown : await inner.CommitAsync(org, writes, CancellationToken.None);

    private async Task<T> ReadAsync<T>(string org, Func<Task<T>> read)
    {
        Interlocked.Increment(ref _calls);
        if (Reading is { } reading)
        {
            await reading();
        }

        await _chance.DawdleAsync();
        await LandAsync(all: false);
        await HangIfKilledAsync();
        if (Down || DownFor == org || _chance.Draw(Rates) is not (StoreFate.Fine or StoreFate.Late or StoreFate.AnswerLost))
        {
            throw new IOException("The store does not answer.");
        }

        var rows = await read();
        await _chance.DawdleAsync();
        await HangIfKilledAsync();
        return rows;
    }

    private async Task LandAsync(bool all)
    {
        List<(string Org, IReadOnlyList<LedgerWrite> Writes, DateTimeOffset SentAt)> due;
        lock (_gate)
        {
            due = all ? [.. _late] : [.. _late.Where(_ => _chance.Happens(LateLands))];
            _late.RemoveAll(due.Contains);
        }

        foreach (var (org, writes, sentAt) in due)
        {
            await SendAsync(org, writes, sentAt);
        }
    }

    private async Task RewriteOneAsync(string org, IReadOnlyList<LedgerWrite> writes)
    {
        if (writes.OfType<LedgerWrite.PutQuota>().FirstOrDefault() is { } put)
        {
            var row = (await inner.ReadQuotasAsync(org, [put.Row.Key], CancellationToken.None))[0];
            if (row.ETag is not null)
            {
                await inner.CommitAsync(org, [new LedgerWrite.PutQuota(row)], CancellationToken.None);
            }
        }
    }

    private Task HangIfKilledAsync() => _killed ? new TaskCompletionSource().Task : Task.CompletedTask;
}

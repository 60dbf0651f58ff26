using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Freeway.Adapters.ActivityLog;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.EmbeddedTables;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Bench.Measure;

/// <summary>
/// Measures what organisations cost that are only there: the ledger and the closing of a day over embedded tables, with
/// ever more organisations, each of which has made one request.
/// </summary>
internal sealed class GrowthRun(StorageAccount account, int orgs, ShiftedTime time)
{
    /// <summary>As many organisations ask at once as callers do elsewhere.</summary>
    private const int AtOnce = 64;

    /// <summary>The number of organisations whose first request after a start is measured.</summary>
    private const int First = 200;

    private static readonly byte[] Draft = new byte[600];

    private static readonly BoundLimit Daily =
        new("free.daily", "*", new Limit("daily", LimitUnit.Requests, 1_000_000, LimitWindow.Day, LimitScope.Org));

    /// <summary>As they come, but that nothing is refused because the machine is busy.</summary>
    private readonly LedgerOptions _options = new() { ReserveDeadline = TimeSpan.FromMinutes(1) };

    public static async Task RunAsync(IEnumerable<int> counts, TextWriter output)
    {
        await output.WriteLineAsync(
            "| orgs | kB kept each, just used | kB kept each, idle | first request p50 ms | p99 ms | day closed in s | CPU ms an org |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        foreach (var count in counts)
        {
            var folder = Directory.CreateTempSubdirectory("freeway-growth-").FullName;
            using (var database = TableDatabase.Open(new TableDatabaseOptions(Path.Combine(folder, "tables.db"))))
            {
                var account = new StorageAccount(
                    database.Connect(TableProfiles.Strict), database.Connect(TableProfiles.Patient), new TableNames());
                await new GrowthRun(account, count, new ShiftedTime()).RunAsync(output);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(TextWriter output)
    {
        var ledger = Ledger();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await EachAsync(orgs, org => RequestAsync(ledger, org));
        var used = Kept(before);

        // The first sweep deletes the rows that nothing was written over, which is a use; the second closes.
        time.Shift(_options.IdleAfter + TimeSpan.FromMinutes(1));
        ledger.Sweep();
        await ledger.DrainAsync(CancellationToken.None);
        time.Shift(_options.IdleAfter + TimeSpan.FromMinutes(1));
        ledger.Sweep();
        var idle = Kept(before);
        GC.KeepAlive(ledger);

        var times = await FirstAsync();
        await EachAsync(orgs, RecordAsync);
        time.Shift(TimeSpan.FromDays(1));
        using var process = Process.GetCurrentProcess();
        var (cpu, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var closing = await Closer().RunAsync(CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(began);
        process.Refresh();
        if (closing.Orgs != orgs || closing.FailedOrgs > 0)
        {
            throw new InvalidOperationException($"{closing.Orgs} of {orgs} organisations were closed.");
        }

        var spent = (process.TotalProcessorTime - cpu).TotalMilliseconds / orgs;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {orgs} | {used:0.0} | {idle:0.0} | {times[times.Length / 2].TotalMilliseconds:0.00} | {times[times.Length * 99 / 100].TotalMilliseconds:0.00} | {took.TotalSeconds:0.0} | {spent:0.00} |"));
    }

    /// <summary>Measures first requests of a ledger that has just been started, one after the other.</summary>
    private async Task<TimeSpan[]> FirstAsync()
    {
        var (ledger, random) = (Ledger(), new Random(1));
        await RequestAsync(ledger, "warm");
        var times = new TimeSpan[First];
        for (var index = 0; index < times.Length; index++)
        {
            var began = Stopwatch.GetTimestamp();
            await RequestAsync(ledger, Name(random.Next(orgs)));
            times[index] = Stopwatch.GetElapsedTime(began);
        }

        Array.Sort(times);
        await ledger.DrainAsync(CancellationToken.None);
        return times;
    }

    /// <summary>In kB for each organisation.</summary>
    private double Kept(long before) => (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e3 / orgs;

    private RequestLedger Ledger()
    {
        var lease = new InstanceLease(
            new TableInstanceStore(account), time, new IdSource(time), _options, NullLogger<InstanceLease>.Instance);
        return new RequestLedger(
            new TableLedgerStore(account), lease, time, new Random(1), _options, NullLogger<RequestLedger>.Instance);
    }

    private DayCloser Closer()
    {
        var write = new OptimisticWrite(new Backoff(TimeProvider.System, new Random(1)));
        return new DayCloser(
            new ListedOrgs(orgs),
            Activity(),
            new TableUsageStore(account, write),
            new TableResetLog(account, write),
            new QuotaCleanup(new TableLedgerStore(account)),
            new DayClock(time, TimeProvider.System),
            new DayCloserOptions(),
            [],
            NullLogger<DayCloser>.Instance);
    }

    private TableActivityStore Activity() => new(account, new Backoff(TimeProvider.System, new Random(1)), time);

    private static async Task RequestAsync(RequestLedger ledger, string org)
    {
        Claim[] claims = [new(Daily, 1)];
        var decision = await ledger.ReserveAsync(org, $"{org}-request", claims, Draft, CancellationToken.None);
        if (!decision.Accepted(out var reservation, out var refusal))
        {
            throw new InvalidOperationException(refusal.Message);
        }

        var settled = await ledger.SettleAsync(reservation, claims, _ => Draft, null, CancellationToken.None);
        ledger.TryReuse(org, settled!);
        ledger.OwnedRows.Release(org, settled!.Key);
    }

    private Task RecordAsync(string org) => Activity().AppendAsync(
        org,
        [
            new ActivityRecord
            {
                Id = $"{org}-request", Time = time.GetUtcNow(), Org = org, Key = "key", Endpoint = "chat/completions",
                Slug = "bench/wide:free", Model = "bench/wide", Tier = "free",
            },
        ],
        CancellationToken.None);

    private static Task EachAsync(int count, Func<string, Task> act) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (index, _) => await act(Name(index)));

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"org-{index:000000}");

    /// <summary>Lists the organisations without reading documents, which are not what is measured.</summary>
    private sealed class ListedOrgs(int count) : IKeyStore
    {
        public Task<Caller?> FindAsync(KeyHash hash, CancellationToken cancellation) => Task.FromResult<Caller?>(null);

        public Task SaveAsync(KeyHash hash, Caller caller, CancellationToken cancellation) => Task.CompletedTask;

        public async IAsyncEnumerable<Org> ListOrgsAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            for (var index = 0; index < count; index++)
            {
                yield return new Org(Name(index), Name(index));
            }
        }
    }
}

/// <summary>The system's time, put forward where a measurement must not wait for it.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan _by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _by;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_by.TotalSeconds * TimestampFrequency);

    public void Shift(TimeSpan by) => _by += by;
}

using System.Diagnostics;
using System.Globalization;
using Freeway.Adapters.Ledger;
using Freeway.Adapters.Tables;
using Freeway.EmbeddedTables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Bench.Measure;

/// <summary>
/// Measures what limits of end users cost where an organisation has very many of them: the ledger alone, over embedded
/// tables, turn by turn with the same requests under a limit of the organisation.
/// </summary>
internal sealed class EndUserRun(StorageAccount account, int users, int requests, int callers, TimeProvider clock)
{
    private const string Org = "bench";
    private static readonly byte[] Draft = new byte[600];

    private readonly string[] _subjects = new string[users];
    private int _ids;

    public static async Task RunAsync(int users, int requests, int callers, int rounds, TextWriter output, TimeProvider clock)
    {
        var folder = Directory.CreateTempSubdirectory("freeway-endusers-").FullName;
        using (var database = TableDatabase.Open(new TableDatabaseOptions(Path.Combine(folder, "tables.db"))))
        {
            var account = new StorageAccount(
                database.Connect(TableProfiles.Strict), database.Connect(TableProfiles.Patient), new TableNames());
            await new EndUserRun(account, users, requests, callers, clock).RunAsync(rounds, output);
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task RunAsync(int rounds, TextWriter output)
    {
        var began = clock.GetTimestamp();
        await FillAsync();
        await TellAsync(output, $"{users} rows were written in {clock.GetElapsedTime(began).TotalSeconds:0.0} s");
        await output.WriteLineAsync(
            "| round | limits | admitted per s | p50 ms | p99 ms | CPU ms each | reads each | entity writes each | MB kept |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|");
        for (var round = 1; round <= rounds; round++)
        {
            await MeasureAsync($"{round} | of the organisation", _ => [Whole], output);
            await MeasureAsync($"{round} | and of {users} end users", OfAnybody, output);
            await MeasureAsync($"{round} | and of 1,000 of them", random => OfUser(random.Next(1000)), output);
        }

        began = clock.GetTimestamp();
        var (listed, opened) = (await Store().Inner.ListQuotasAsync(Org, CancellationToken.None), clock.GetElapsedTime(began));
        await TellAsync(output, $"the organisation's own {listed.Count} rows are listed beside them in {opened.TotalMilliseconds:0} ms");
        began = clock.GetTimestamp();
        await new QuotaCleanup(Store().Inner).TidyAsync(Org, clock.GetUtcNow().AddDays(4), CancellationToken.None);
        await TellAsync(output, $"all are deleted in {clock.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    private static Claim Whole { get; } =
        new(new BoundLimit("app.all", "*", new Limit("all", LimitUnit.Requests, long.MaxValue / 2, LimitWindow.Day, LimitScope.Org)), 1);

    private IReadOnlyList<Claim> OfAnybody(Random random) => OfUser(random.Next(users));

    private IReadOnlyList<Claim> OfUser(int user) =>
        [Whole, new Claim(Each(_subjects[user]), 1), new Claim(EndUserRows.Bound(100_000), 0)];

    private static BoundLimit Each(string subject) =>
        new("app.each", subject, new Limit("each", LimitUnit.Requests, 1_000_000, LimitWindow.Day, LimitScope.EndUser));

    private (CountingLedgerStore Counting, ILedgerStore Inner) Store()
    {
        var inner = new TableLedgerStore(account);
        return (new CountingLedgerStore(inner), inner);
    }

    private async Task FillAsync()
    {
        var now = clock.GetUtcNow();
        var (_, store) = Store();
        foreach (var some in Enumerable.Range(0, users).Chunk(100))
        {
            var writes = some.Select(user =>
            {
                _subjects[user] = EndUserId.Of(Org, $"user-{user}", "a salt of the measurement"u8).Hash;
                var bound = Each(_subjects[user]);
                var row = QuotaRow.Absent(new QuotaKey(bound.Source, bound.Subject)).Reserve(bound.Limit, 0, now, TimeSpan.Zero).Row;
                return (LedgerWrite)new LedgerWrite.PutQuota(row);
            });
            if ((await store.CommitAsync(Org, [.. writes], CancellationToken.None)).Verdict is not CommitVerdict.Committed)
            {
                throw new InvalidOperationException("The rows could not be written.");
            }
        }
    }

    /// <summary>Admits and settles, as a process does that has just been started.</summary>
    private async Task MeasureAsync(string name, Func<Random, IReadOnlyList<Claim>> claims, TextWriter output)
    {
        var (store, _) = Store();
        var options = new LedgerOptions();
        var instances = new TableInstanceStore(account);
        var lease = new InstanceLease(instances, clock, new IdSource(clock), options, NullLogger<InstanceLease>.Instance);
        var ledger = new RequestLedger(store, lease, clock, new Random(1), options, NullLogger<RequestLedger>.Instance);
        var times = new TimeSpan[requests];
        var next = -1;
        using var process = Process.GetCurrentProcess();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (cpu, began) = (process.TotalProcessorTime, clock.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            await Task.Yield();
            var random = new Random(caller);
            for (int index; (index = Interlocked.Increment(ref next)) < requests;)
            {
                var started = clock.GetTimestamp();
                await RequestAsync(ledger, claims(random));
                times[index] = clock.GetElapsedTime(started);
            }
        }));
        var elapsed = clock.GetElapsedTime(began);
        process.Refresh();
        var used = process.TotalProcessorTime - cpu;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        await ledger.DrainAsync(CancellationToken.None);
        Array.Sort(times);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {requests / elapsed.TotalSeconds:0} | {times[requests / 2].TotalMilliseconds:0.00} | {times[requests * 99 / 100].TotalMilliseconds:0.00} | {used.TotalMilliseconds / requests:0.000} | {(double)store.Calls.Reads / requests:0.00} | {(double)store.Calls.Writes / requests:0.00} | {kept / 1e6:0.0} |"));
        GC.KeepAlive(ledger);
    }

    private async Task RequestAsync(RequestLedger ledger, IReadOnlyList<Claim> claims)
    {
        var id = $"r{Interlocked.Increment(ref _ids)}";
        var decision = await ledger.ReserveAsync(Org, id, claims, Draft, CancellationToken.None);
        if (!decision.Accepted(out var reservation, out var refusal))
        {
            throw new InvalidOperationException(refusal.Message);
        }

        var settled = await ledger.SettleAsync(reservation, claims, _ => Draft, null, CancellationToken.None);
        ledger.TryReuse(Org, settled!);
        ledger.OwnedRows.Release(Org, settled!.Key);
    }

    private static Task TellAsync(TextWriter output, FormattableString line) =>
        output.WriteLineAsync(FormattableString.Invariant(line));
}

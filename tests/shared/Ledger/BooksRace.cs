using System.Collections.Concurrent;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Plans;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// Processes serve requests while things go wrong, one of them dies, midnight passes, days are closed, and all the while the
/// books are compared and whatever seems to be drift is repaired: none may ever seem so. In the end everything must add up.
/// </summary>
public sealed class BooksRace(BooksWorld world, IActivityStore activity, IUsageStore usage, Func<Task> landAll)
{
    private readonly ConcurrentBag<ReconciliationReport> _reports = [];

    public int Processes { get; init; } = 3;

    public int Callers { get; init; } = 6;

    public int Requests { get; init; } = 6;

    public FaultRates Faults { get; init; } = FaultRates.None;

    public bool Kills { get; init; }

    /// <summary>What was found while requests ran.</summary>
    public IReadOnlyCollection<ReconciliationReport> Reports => _reports;

    public async Task RunAsync()
    {
        LedgerProcess[] processes = [.. Enumerable.Range(0, Processes).Select(index => world.Process(Faults, TimeSpan.FromSeconds(index)))];
        await world.TopUpAsync(processes[^1], 100_000_000);
        world.Queue.Fate = () => world.Chance.Draw(Faults);
        using var over = new CancellationTokenSource();
        using var healer = world.Process();
        Task[] beside =
        [
            RepeatAsync(() => world.Queue.DeliverAsync(activity, 7), over.Token),
            RepeatAsync(() => healer.Recovery.RunAsync(CancellationToken.None), over.Token),
            RepeatAsync(async () => _reports.Add(await world.Reconciler(TimeSpan.FromMilliseconds(20)).RunAsync(40, repair: true, CancellationToken.None)), over.Token),
            RepeatAsync(() => world.CloseAsync(world.Today.AddDays(-1)), over.Token),
        ];
        var callers = processes.SelectMany(process => Enumerable.Range(0, Callers).Select(_ => CallAsync(process))).ToList();
        await PassAsync(processes);
        if (Kills)
        {
            processes[0].Kill();
            await landAll();
            await PassAsync(processes[1..]);
        }

        await Task.WhenAll(callers);
        foreach (var process in processes.Where(process => !process.Killed.IsCancellationRequested))
        {
            while (process.Outbox.IsBehind)
            {
                await process.Outbox.CatchUpAsync(CancellationToken.None);
            }

            await process.Ledger.DrainAsync(CancellationToken.None);
        }

        await over.CancelAsync();
        await Task.WhenAll(beside);
        await landAll();
        await world.BuryAsync();
        await world.DeliverAsync();
    }

    /// <summary>Everything that the books can be held against, counted once more by other means than theirs.</summary>
    public async Task ShouldAddUpAsync()
    {
        foreach (var report in _reports)
        {
            report.ShouldBeClean();
            report.Repaired.ShouldBe(0);
        }

        for (var day = world.Today.AddDays(-3); day < world.Today; day = day.AddDays(1))
        {
            await world.CloseAsync(day);
        }

        var final = await world.CompareAsync();
        final.ShouldBeClean();
        (final.InFlight, final.Busy, final.Failed).ShouldBe((0, 0, 0));
        var records = await activity.ReadAllAsync(BooksWorld.Org, new ActivityQuery(1000));
        records.Count.ShouldBeGreaterThan(0);
        var money = (await world.Ledger.ListQuotasAsync(BooksWorld.Org, CancellationToken.None)).Single(row => row.Key.Source is Account.Source);
        (money.Used, money.Reserved).ShouldBe((records.Sum(record => record.CostNanos), 0));
        foreach (var day in records.GroupBy(record => DateOnly.FromDateTime(record.Time.UtcDateTime)).Where(day => day.Key < world.Today))
        {
            (await usage.ListAsync(BooksWorld.Org, day.Key, day.Key, CancellationToken.None)).Sum(sum => sum.Requests).ShouldBe(day.Count());
        }
    }

    private async Task CallAsync(LedgerProcess process)
    {
        for (var request = 0; request < Requests && !process.Killed.IsCancellationRequested; request++)
        {
            try
            {
                await world.RequestAsync(process).WaitAsync(process.Killed);
            }
            catch (OperationCanceledException) when (process.Killed.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>A hundred seconds, in which the living show life, and midnight passes.</summary>
    private async Task PassAsync(IEnumerable<LedgerProcess> alive)
    {
        for (var step = 0; step < 5; step++)
        {
            await world.Chance.DawdleAsync(200);
            world.Time.Jump(TimeSpan.FromSeconds(20));
            foreach (var process in alive)
            {
                await UntilDoneAsync(() => process.Lease.BeatAsync(CancellationToken.None));
            }
        }
    }

    private static async Task RepeatAsync(Func<Task> step, CancellationToken over)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!over.IsCancellationRequested)
        {
            try
            {
                await step();
            }
            catch (IOException)
            {
                // The next turn does it.
            }

            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static async Task UntilDoneAsync(Func<Task> attempt)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (IOException) when (tries < 200)
            {
                await Task.Yield();
            }
        }
    }
}

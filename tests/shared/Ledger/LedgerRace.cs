using System.Collections.Concurrent;
using System.Text;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;

namespace Freeway.Tests.Shared.Ledger;

/// <summary>
/// Several processes race for the same limits of one org while things go wrong; afterwards everything must add up.
/// </summary>
public sealed class LedgerRace : IDisposable
{
    public const string Org = "acme";

    private static readonly DateTimeOffset Start = new(2026, 5, 29, 23, 58, 40, TimeSpan.Zero);
    private readonly RaceScenario _scenario;
    private readonly StoreChance _chance;
    private readonly Func<int, ILedgerStore> _rows;
    private readonly Func<int, IInstanceStore> _instances;
    private readonly Func<Task> _landAll;
    private readonly FaultRates _faults;
    private readonly List<LedgerProcess> _processes = [];
    private readonly TaskCompletionSource _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _visits;
    private readonly ConcurrentDictionary<string, LedgerProcess> _admitted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RefusalCode> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<RaceRefusal> _spent = [];
    private readonly ConcurrentDictionary<string, LedgerProcess> _unanswered = new(StringComparer.Ordinal);

    private readonly LedgerAudit? _audit;
    private readonly ConcurrentDictionary<string, bool> _bought = new(StringComparer.Ordinal);

    /// <param name="rows">The store as each process reaches it.</param>
    /// <param name="landAll">Lets writes land that are still on their way.</param>
    /// <param name="faults">What goes wrong on top of what the stores do by themselves.</param>
    public LedgerRace(RaceScenario scenario, Func<int, ILedgerStore> rows, Func<int, IInstanceStore> instances, Func<Task> landAll, FaultRates faults, Func<SharedTime, LedgerAudit>? audit = null)
    {
        (_scenario, _rows, _instances, _landAll, _faults) = (scenario, rows, instances, landAll, faults);
        _chance = new StoreChance(scenario.Seed);
        Time = new SharedTime(Start);
        _audit = audit?.Invoke(Time);
        for (var index = 0; index < scenario.Processes; index++)
        {
            var skew = scenario.Skew * (_chance.Below(2001) - 1000) / 1000;
            _processes.Add(NewProcess(index, new SkewedClock(Time, skew), faults));
            _processes[index].Store.RivalRate = scenario.Rivals;
        }

        Queue.Fate = () => _chance.Draw(faults);
    }

    public SharedTime Time { get; }

    public InMemoryActivityQueue Queue { get; } = new();

    /// <summary>Requests whose callers were told that they are admitted.</summary>
    public IReadOnlyCollection<string> Admitted => [.. _admitted.Keys];

    public IReadOnlyDictionary<string, RefusalCode> Refused => _refused;

    /// <summary>The refusals that named a limit.</summary>
    public IReadOnlyCollection<RaceRefusal> Spent => _spent;

    /// <summary>Purchases whose buyers were told that they are in.</summary>
    public IReadOnlyCollection<string> Bought => [.. _bought.Keys];

    /// <summary>Requests whose callers got no answer: they had left, or their process was killed.</summary>
    public IReadOnlyCollection<string> Unanswered => [.. _unanswered.Keys];

    /// <summary>The whole race, to the point where nothing is open and every dead process is buried.</summary>
    public async Task RunAsync()
    {
        using var over = new CancellationTokenSource();
        var recovery = RecoverAsync(NewProcess(90, new SkewedClock(Time, TimeSpan.Zero), _faults), over.Token);
        var callers = _processes.SelectMany(process => Enumerable.Range(0, _scenario.Callers).Select(caller => CallAsync(process, caller))).ToList();
        var buyers = _processes.Select(BuyAsync).ToList();
        await HappenAsync(callers);
        await Task.WhenAll([.. callers, .. buyers]);
        foreach (var process in Alive)
        {
            await CalmAsync(process);
        }

        await over.CancelAsync();
        await recovery;
        await BuryAsync();
    }

    /// <summary>What does not add up, by what callers were told and the queue has got.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var id in _admitted.Keys.Where(id => !Queue.Accepted.ContainsKey(id)))
        {
            yield return $"{id} was admitted and has no record";
        }

        foreach (var (id, records) in Queue.Accepted)
        {
            var different = records.Select(record => Encoding.UTF8.GetString(ActivityJson.Write(record))).Distinct().Count();
            if (different > 1)
            {
                yield return $"{id} has {different} different records";
            }

            // Who was told that nobody knows may find that recovery has booked it.
            var mayBeBooked = records.First().ErrorCode is "aborted";
            if (_refused.TryGetValue(id, out var code) && !(code is RefusalCode.OutcomeUnknown && mayBeBooked))
            {
                yield return $"{id} was refused as {code} and has a record: {records.First().ErrorCode ?? "no error"}";
            }

            if (_unanswered.TryGetValue(id, out var process) && !process.Killed.IsCancellationRequested && !_scenario.Freezes)
            {
                yield return $"{id} was given up by its caller and has a record";
            }
        }
    }

    public void Dispose() => _processes.ForEach(process => process.Dispose());

    private IEnumerable<LedgerProcess> Alive => _processes.Where(process => !process.Killed.IsCancellationRequested);

    private LedgerProcess NewProcess(int index, TimeProvider clock, FaultRates faults) =>
        new(_rows(index), _instances(index), Queue, clock, (_scenario.Seed * 100) + index, faults, new LedgerOptions
        {
            OpenRefusalAge = _scenario.OpenRefusalAge,
            SettledRefusalAge = _scenario.SettledRefusalAge,
            LeaseLasts = _scenario.LeaseLasts,
            OutageBackOff = TimeSpan.FromMilliseconds(4),
        });

    private async Task CallAsync(LedgerProcess process, int caller)
    {
        for (var turn = 0; turn < _scenario.Requests; turn++)
        {
            await _chance.DawdleAsync();
            if (process.Killed.IsCancellationRequested)
            {
                return;
            }

            var id = $"{_processes.IndexOf(process)}-{caller}-{turn}";
            _unanswered[id] = process;
            try
            {
                await RequestAsync(process, id).WaitAsync(process.Killed);
            }
            catch (OperationCanceledException)
            {
                // The caller left, or the process died.
            }
        }
    }

    private async Task RequestAsync(LedgerProcess process, string id)
    {
        using var leaving = new CancellationTokenSource();
        var (requests, tokens) = (1 + _chance.Below(_scenario.MostPerRequest), 1 + _chance.Below(_scenario.MostTokens));
        var endUser = _scenario.EndUsers > 0 ? _chance.Below(_scenario.EndUsers) : 0;
        var takes = RaceTakes.Of(_scenario, requests, tokens, endUser);
        _audit?.Expect(id, takes);
        var once = _chance.Happens(_scenario.Repeats)
            ? new IdempotencyRow(new IdempotencyKey("key-1", $"hash-{_chance.Below(Math.Max(2, _scenario.Callers / 2))}"), id, "print", Time.Now, null, null)
            : null;
        var askedAt = Time.Now;
        var asked = process.Ledger.ReserveAsync(Org, id, takes, LedgerAudit.Record(id, [0L]), leaving.Token, once);
        if (_chance.Happens(_scenario.Cancels))
        {
            await _chance.DawdleAsync(_chance.Happens(0.5) ? 60 : 4000);
            await leaving.CancelAsync();
        }

        var decision = await asked;
        _unanswered.TryRemove(id, out _);
        if (!decision.Accepted(out var reservation, out var refusal))
        {
            _refused[id] = refusal.Code;
            if (refusal.Limit is { } limit)
            {
                _spent.Enqueue(new RaceRefusal(takes, takes.Single(take => take.Bound.Source == limit.Source), askedAt, Time.Now));
            }

            return;
        }

        _admitted[id] = process;
        await _chance.DawdleAsync(40);
        if (_scenario.Freezes && _chance.Happens(0.5))
        {
            await _thawed.Task;
        }

        var used = RaceTakes.Of(
            _scenario, _chance.Below(requests + 1), _chance.Below(tokens + 1) + (_chance.Happens(_scenario.Overruns) ? tokens : 0), endUser);
        _audit?.ExpectUse(id, used);
        var outcome = once is null || _chance.Happens(0.3) ? null : new RequestOutcome(200, "application/json", new byte[] { 1 });
        if (await process.Ledger.SettleAsync(reservation, used, booked => LedgerAudit.Record(id, booked), outcome, CancellationToken.None) is { } finished)
        {
            await process.Outbox.DeliverAsync(Org, finished, CancellationToken.None);
        }
    }

    private async Task BuyAsync(LedgerProcess process)
    {
        for (var turn = 0; turn < _scenario.TopUps && !process.Killed.IsCancellationRequested; turn++)
        {
            await _chance.DawdleAsync(200);
            try
            {
                await UntilDoneAsync(async () =>
                {
                    var purchase = new Purchase($"purchase-{turn}", _scenario.TopUp, Time.Now);
                    if ((await process.Ledger.TopUpAsync(Org, purchase, CancellationToken.None)).Accepted(out _, out _))
                    {
                        _bought[purchase.Id] = true;
                    }
                }).WaitAsync(process.Killed);
            }
            catch (OperationCanceledException)
            {
                // The process died.
            }
        }
    }

    private async Task HappenAsync(List<Task> callers)
    {
        while (_admitted.Count + _refused.Count < callers.Count * _scenario.Requests / 4 && !callers.TrueForAll(caller => caller.IsCompleted))
        {
            await Task.Yield();
        }

        if (_scenario.Kills)
        {
            _processes[0].Kill();
            await _landAll();
            await PassAsync(TimeSpan.FromSeconds(100), beating: true);
        }

        if (_scenario.RollsOver)
        {
            await PassAsync(TimeSpan.FromSeconds(100), beating: true);
        }

        if (_scenario.Freezes)
        {
            await PassAsync(TimeSpan.FromSeconds(100), beating: false);
            for (var visits = _visits; _visits < visits + 3;)
            {
                await Task.Yield();
            }
        }

        _thawed.SetResult();
    }

    /// <summary>Lets time pass, in which the living show life or not.</summary>
    private async Task PassAsync(TimeSpan time, bool beating)
    {
        for (var step = 0; step < 5; step++)
        {
            Time.Jump(time / 5);
            foreach (var process in beating ? Alive : [])
            {
                await UntilDoneAsync(() => process.Lease.BeatAsync(CancellationToken.None));
            }
        }
    }

    private async Task RecoverAsync(LedgerProcess process, CancellationToken over)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!over.IsCancellationRequested)
        {
            try
            {
                await process.Recovery.RunAsync(CancellationToken.None);
                _visits++;
            }
            catch (IOException)
            {
                // The next visit does it.
            }

            await pause.WaitForNextTickAsync(CancellationToken.None);
        }

        await CalmAsync(process);
        process.Dispose();
    }

    private static async Task CalmAsync(LedgerProcess process)
    {
        while (process.Outbox.IsBehind)
        {
            await process.Outbox.CatchUpAsync(CancellationToken.None);
        }

        await process.Ledger.DrainAsync(CancellationToken.None);
    }

    /// <summary>Everybody is dead now, and one healthy process cleans up.</summary>
    private async Task BuryAsync()
    {
        await _landAll();
        foreach (var process in _processes)
        {
            await process.Store.LandAllAsync();
        }

        // Long enough that nothing can land any more, and the instances are forgotten.
        Time.Jump(TimeSpan.FromMinutes(8));
        Queue.Fate = null;
        using var last = NewProcess(99, new SkewedClock(Time, TimeSpan.Zero), FaultRates.None);
        await UntilDoneAsync(async () =>
        {
            await last.Recovery.RunAsync(CancellationToken.None);
            if ((await _instances(99).ListAsync(CancellationToken.None)).Count > 0)
            {
                throw new IOException("Some are left for the next visit.");
            }
        });
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

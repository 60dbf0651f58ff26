using Freeway.Runner.Worker;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Runner.Tests.Worker;

/// <summary>When a process of the worker follows one that ended, by a clock that the tests move.</summary>
public sealed class WorkerSupervisorTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly List<FakeProcess> _begun = [];
    private readonly WorkerSupervisor<FakeProcess> _workers;
    private int _failuresToCome;

    public WorkerSupervisorTests() => _workers = new WorkerSupervisor<FakeProcess>(Begin, _time, NullLogger.Instance);

    public async Task InitializeAsync() => await _workers.StartAsync(CancellationToken.None);

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _workers.DisposeAsync();

    [Fact]
    public async Task Crashes_OneAfterAnother_AreFollowedAfterPausesThatDouble()
    {
        foreach (var pause in new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 })
        {
            await FollowedAsync(TimeSpan.FromSeconds(pause));
        }
    }

    [Fact]
    public async Task Crash_AfterALongLife_IsFollowedAtOnceAndCountsAsTheFirst()
    {
        await FollowedAsync(TimeSpan.FromSeconds(0.1));
        await FollowedAsync(TimeSpan.FromSeconds(0.2));
        _time.Advance(TimeSpan.FromMinutes(1));
        var long1 = await CurrentAsync();

        long1.End();

        (await CurrentAsync()).ShouldNotBe(long1);
        await FollowedAsync(TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task Start_ThatFails_IsTriedAgainAfterPausesThatDouble()
    {
        var first = await CurrentAsync();
        _failuresToCome = 2;

        first.End();
        foreach (var pause in new[] { 0.1, 0.2, 0.4 })
        {
            await _time.ArmedAsync(TimeSpan.FromSeconds(pause));
            _begun.Count.ShouldBe(1);
            _time.Advance(TimeSpan.FromSeconds(pause));
        }

        (await CurrentAsync()).ShouldNotBe(first);
    }

    [Fact]
    public async Task Stop_WithinAPause_StartsNoOther()
    {
        (await CurrentAsync()).End();
        await _time.ArmedAsync(TimeSpan.FromSeconds(0.1));

        await _workers.StopAsync(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMinutes(1));

        _begun.Count.ShouldBe(1);
        await Should.ThrowAsync<WorkerLostException>(CurrentAsync());
    }

    /// <summary>Ends the process that runs; another follows after this pause, and not a moment earlier.</summary>
    private async Task FollowedAsync(TimeSpan pause)
    {
        var (ended, moment) = (await CurrentAsync(), TimeSpan.FromTicks(1));
        var before = _begun.Count;
        ended.End();
        await _time.ArmedAsync(pause);
        _time.Advance(pause - moment);
        _begun.Count.ShouldBe(before);
        _time.Advance(moment);
        (await CurrentAsync()).ShouldBe(_begun[before]);
        ended.WasDisposed.ShouldBeTrue();
    }

    private Task<FakeProcess> CurrentAsync() => _workers.CurrentAsync(Patience, CancellationToken.None);

    private Task<FakeProcess> Begin(CancellationToken cancellation)
    {
        if (_failuresToCome > 0)
        {
            _failuresToCome--;
            throw new InvalidOperationException("a start that the test lets fail");
        }

        _begun.Add(new FakeProcess(_begun.Count));
        return Task.FromResult(_begun[^1]);
    }

    private sealed class FakeProcess(int id) : ISupervisedProcess
    {
        private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int ProcessId => id;

        public string Said => "";

        public Task Over => _ended.Task;

        public Task<int> Ended => _ended.Task;

        public Task Replaced => _replaced.Task;

        public bool WasDisposed { get; private set; }

        public void End() => _ended.TrySetResult(1);

        public void Replace() => _replaced.TrySetResult();

        public void Kill() => _ended.TrySetResult(137);

        public Task StopAsync(TimeSpan grace)
        {
            Kill();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            WasDisposed = true;
            Kill();
            return ValueTask.CompletedTask;
        }
    }
}

using Freeway.Gateway.Core;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Core;

public sealed class PeriodicWorkerTests
{
    [Fact]
    public async Task Turn_ThatThrows_IsFollowedByTheNext()
    {
        var time = new ManualTime();
        Exception[] failures = [new InvalidOperationException("a bug"), new IOException("an outage"), new OperationCanceledException("a time-out")];
        using var worker = new FailingWorker(time, failures);
        await worker.StartAsync(CancellationToken.None);

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return worker.Turns > failures.Length;
        });

        await worker.StopAsync(CancellationToken.None);
        worker.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private sealed class FailingWorker(TimeProvider clock, Exception[] failures)
        : PeriodicWorker(TimeSpan.FromSeconds(1), clock, NullLogger.Instance)
    {
        private int _turns;

        public int Turns => Volatile.Read(ref _turns);

        protected override Task WorkAsync(CancellationToken stopping) =>
            Interlocked.Increment(ref _turns) is var turn && turn <= failures.Length
                ? Task.FromException(failures[turn - 1])
                : Task.CompletedTask;
    }
}

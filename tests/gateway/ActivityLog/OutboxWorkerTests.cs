using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Tests.Ledger;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Tests.ActivityLog;

public sealed class OutboxWorkerTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Keeper_RecordsThatWaitForTheQueue_SaysForHowLong()
    {
        var process = _world.Process();
        await LedgerWorld.SettleAsync(process, await _world.AdmitAsync(process));
        _world.Queue.Down = true;
        process.Outbox.MarkBehind(process.Lease.Instance!, LedgerWorld.Org);
        var (time, log) = (new ManualTime(), new MessageLog());
        using var keeper = new OutboxWorker(process.Outbox, time, log);
        await keeper.StartAsync(CancellationToken.None);

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return log.Last is not null;
        });
        log.Last!.ShouldMatch(@"^Activity records have waited \d+ s for the queue; they are safe in the ledger$");

        _world.Queue.Down = false;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return _world.Queue.Accepted.Count is 1;
        });
        await keeper.StopAsync(CancellationToken.None);
    }

    private sealed class MessageLog : ILogger<OutboxWorker>
    {
        private volatile string? _last;

        public string? Last => _last;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _last = formatter(state, exception);
    }
}

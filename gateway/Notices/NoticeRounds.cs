using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Looks once for what is to be told and delivers what is due. A timer calls it each minute, also where no instance
/// lives for long; <see cref="NoticeWorker"/> calls it more often while the process runs.
/// </summary>
public sealed class NoticeRounds(NoticeOutbox outbox, NoticeWatch watch, NoticeDelivery delivery, INoticeStore store, TimeProvider clock)
{
    /// <summary>
    /// The time between two looks in the store where nothing is known to wait, since another instance may have died.
    /// </summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly AsyncLock _turn = new();
    private DateTimeOffset _watched = DateTimeOffset.MinValue;
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Does what is due now. Where nothing is, it costs no storage operation.</summary>
    /// <exception cref="IOException">Storage is out of reach; the next round does it.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using (await _turn.EnterAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            if (now - _watched >= Every)
            {
                _watched = now;
                await watch.LookAsync(cancellation);
            }

            if (outbox.TakeAdded() || now >= _due)
            {
                // Until it is known what is due next, the next round looks again.
                _due = DateTimeOffset.MinValue;
                await delivery.RunAsync(cancellation);
                var next = await store.NextDueAsync(cancellation);
                _due = next < now + Every ? next.Value : now + Every;
            }
        }
    }
}

/// <summary>Sends notices while the process runs: soon after they are made, and again when they are due again.</summary>
public sealed class NoticeWorker(NoticeRounds rounds, TimeProvider clock, ILogger<NoticeWorker> logger)
    : PeriodicWorker(TimeSpan.FromSeconds(2), clock, logger)
{
    protected override Task WorkAsync(CancellationToken stopping) => rounds.RunAsync(stopping);
}

/// <summary>Deletes old notices when the day is closed.</summary>
public sealed class NoticePurge(INoticeStore store, NoticeOptions options, TimeProvider clock) : IDayClosingStep
{
    public Task RunAsync(CancellationToken cancellation) =>
        store.PurgeAsync(clock.GetUtcNow() - TimeSpan.FromDays(options.KeepDays), cancellation);
}

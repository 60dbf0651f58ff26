using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// The catalogue that counts now. It is swapped whole while the process runs, so whoever serves a request takes it once, at
/// the start, and goes by that one to the end. A keeper looks for changes all the time; a process that was frozen meanwhile
/// looks before it serves. Outage stance: while the store is away the last known one counts; a process that has never read
/// one serves nothing.
/// </summary>
public sealed class CurrentCatalogue(ICatalogueSource source, TimeProvider clock) : IPlanSource
{
    /// <summary>How often the keeper looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>What was looked at longer ago than this is looked at again before anything is served by it.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(25);

    /// <summary>How long a request waits for a look at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int FirstTries = 3;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile CatalogueObservation? _sight;
    private Task? _look;

    /// <summary>In ticks: when the last look ended, well or not.</summary>
    private long _looked;

    /// <summary>In ticks: when the last look that went well did.</summary>
    private long _seen;

    /// <summary>When it was last looked at with success; null before the first time.</summary>
    public DateTimeOffset? SeenAt => Volatile.Read(ref _seen) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The catalogue, or that none has been read yet.</summary>
    /// <param name="cancellation">Fires when the caller goes away.</param>
    /// <param name="waits">What looks may take from an inference request; null where five seconds are allowed.</param>
    public ValueTask<Result<CatalogueSnapshot>> TakeAsync(CancellationToken cancellation, WaitBudget? waits = null)
    {
        var now = clock.GetUtcNow();
        return _sight is { } sight && IsFresh(now)
            ? ValueTask.FromResult<Result<CatalogueSnapshot>>(sight.At(now))
            : new(LookAndTakeAsync(waits ?? new WaitBudget(Patience, clock), cancellation));
    }

    public async ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation) =>
        (await TakeAsync(cancellation)).Accepted(out var now, out var refusal) ? now.Plans : throw new IOException(refusal.Message);

    /// <summary>Looks for a change. Those who come at once share one look, so none of them may cancel it.</summary>
    /// <exception cref="IOException">The store is out of reach; the last known catalogue still counts.</exception>
    public Task LookAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_look is null or { IsCompleted: true })
            {
                _look = LookOnceAsync();
            }

            return _look.WaitAsync(cancellation);
        }
    }

    /// <summary>Looks after whatever look is under way: what was changed before the call is seen after it.</summary>
    /// <inheritdoc cref="LookAsync"/>
    public async Task LookAnewAsync(CancellationToken cancellation)
    {
        Task? before;
        lock (_gate)
        {
            before = _look;
        }

        await (before ?? Task.CompletedTask).WaitAsync(cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellation.ThrowIfCancellationRequested();
        await LookAsync(cancellation);
    }

    private async Task<Result<CatalogueSnapshot>> LookAndTakeAsync(WaitBudget waits, CancellationToken cancellation)
    {
        // Who has none yet looks more than once: a first answer that is lost must not refuse all who wait for it.
        for (var tries = 0; tries is 0 || (tries < FirstTries && _sight is null && waits.Left > TimeSpan.Zero); tries++)
        {
            try
            {
                await waits.SpendAsync(left => LookWithinAsync(left < Patience ? left : Patience, cancellation));
            }
            catch (Exception outage) when (outage is not OperationCanceledException)
            {
                // What was known before still counts.
            }
        }

        return _sight is { } sight ? sight.At(clock.GetUtcNow()) : Refuse.CatalogueUnavailable(RetryAfter);
    }

    private async Task<bool> LookWithinAsync(TimeSpan longest, CancellationToken cancellation)
    {
        await LookAsync(cancellation).WaitAsync(longest, clock, cancellation);
        return true;
    }

    private async Task LookOnceAsync()
    {
        await Task.Yield();
        try
        {
            _sight = await source.LookAsync(CancellationToken.None);
            Volatile.Write(ref _seen, clock.GetUtcNow().UtcTicks);
        }
        finally
        {
            Volatile.Write(ref _looked, clock.GetUtcNow().UtcTicks);
        }
    }

    /// <summary>A look that failed counts as well: while the store is away requests do not all wait for it. A clock that went back makes nothing fresh.</summary>
    private bool IsFresh(DateTimeOffset now) => now.UtcTicks - Volatile.Read(ref _looked) is var age && age >= -Every.Ticks && age <= Lasts.Ticks;
}

/// <summary>Looks for a change of the catalogue from the start of the process to its end.</summary>
public sealed class CatalogueWorker(CurrentCatalogue catalogue, TimeProvider clock, ILogger<CatalogueWorker> logger)
    : PeriodicWorker(CurrentCatalogue.Every, clock, logger)
{
    protected override bool RunsAtStart => true;

    protected override Task WorkAsync(CancellationToken stopping) => catalogue.LookAsync(stopping);
}

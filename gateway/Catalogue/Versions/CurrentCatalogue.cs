using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// The catalogue that counts now. It is swapped whole while the process runs, so whoever serves a request takes it
/// once, at the start, and goes by that one to the end. A worker reads it again all the time; a process that was frozen
/// meanwhile reads before it serves. Outage stance: while the store is away the last known one counts; a process that
/// has never read one serves nothing.
/// </summary>
public sealed class CurrentCatalogue(ICatalogueSource source, TimeProvider clock) : IPlanSource
{
    /// <summary>The time between two reads by the worker.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>The age at which a catalogue is read again before anything is served by it.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(25);

    /// <summary>The longest that a request waits for the catalogue to be read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int FirstTries = 3;


    private readonly Lock _gate = new();
    private volatile CatalogueObservation? _observed;
    private Task? _refresh;

    /// <summary>The end of the last read, whether or not it succeeded, in ticks.</summary>
    private long _triedAt;

    /// <summary>The end of the last read that succeeded, in ticks.</summary>
    private long _seenAt;

    /// <summary>The end of the last read that succeeded; null before the first.</summary>
    public DateTimeOffset? SeenAt => Volatile.Read(ref _seenAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Gives the catalogue, or says that none has been read yet.</summary>
    /// <param name="cancellation">Fires when the caller goes away.</param>
    /// <param name="waits">
    /// The time that reads may take from an inference request; null where five seconds are allowed.
    /// </param>
    public ValueTask<Result<CatalogueSnapshot>> TakeAsync(CancellationToken cancellation, WaitBudget? waits = null)
    {
        var now = clock.GetUtcNow();
        return _observed is { } observed && IsFresh(now)
            ? ValueTask.FromResult<Result<CatalogueSnapshot>>(observed.At(now))
            : new(RefreshAndTakeAsync(waits ?? new WaitBudget(Patience, clock), cancellation));
    }

    public async ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation) =>
        (await TakeAsync(cancellation)).Accepted(out var now, out var refusal) ? now.Plans : throw new IOException(refusal.Message);

    /// <summary>
    /// Reads the catalogue again. Callers that come at once share one read, so none of them may cancel it.
    /// </summary>
    /// <exception cref="IOException">The store is out of reach; the last known catalogue still counts.</exception>
    public Task RefreshAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_refresh is null or { IsCompleted: true })
            {
                _refresh = RefreshOnceAsync();
            }

            return _refresh.WaitAsync(cancellation);
        }
    }

    /// <summary>
    /// Reads the catalogue after whatever read is under way: a change that was made before the call is seen after it.
    /// </summary>
    /// <inheritdoc cref="RefreshAsync"/>
    public async Task RefreshAnewAsync(CancellationToken cancellation)
    {
        Task? before;
        lock (_gate)
        {
            before = _refresh;
        }

        await (before ?? Task.CompletedTask).WaitAsync(cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellation.ThrowIfCancellationRequested();
        await RefreshAsync(cancellation);
    }

    private async Task<Result<CatalogueSnapshot>> RefreshAndTakeAsync(WaitBudget waits, CancellationToken cancellation)
    {
        // Who has none yet looks more than once: a first answer that is lost must not refuse all who wait for it.
        for (var tries = 0; tries is 0 || (tries < FirstTries && _observed is null && waits.Left > TimeSpan.Zero); tries++)
        {
            try
            {
                await waits.SpendAsync(left => RefreshWithinAsync(left < Patience ? left : Patience, cancellation));
            }
            catch (Exception outage) when (outage is not OperationCanceledException)
            {
                // What was known before still counts.
            }
        }

        return _observed is { } observed ? observed.At(clock.GetUtcNow()) : Refuse.CatalogueUnavailable();
    }

    private async Task<bool> RefreshWithinAsync(TimeSpan longest, CancellationToken cancellation)
    {
        await RefreshAsync(cancellation).WaitAsync(longest, clock, cancellation);
        return true;
    }

    private async Task RefreshOnceAsync()
    {
        await Task.Yield();
        try
        {
            _observed = await source.ReadAsync(CancellationToken.None);
            Volatile.Write(ref _seenAt, clock.GetUtcNow().UtcTicks);
        }
        finally
        {
            Volatile.Write(ref _triedAt, clock.GetUtcNow().UtcTicks);
        }
    }

    /// <summary>
    /// A read that failed counts as well: while the store is away requests do not all wait for it. A clock that went
    /// back makes nothing fresh.
    /// </summary>
    private bool IsFresh(DateTimeOffset now) => now.UtcTicks - Volatile.Read(ref _triedAt) is var age && age >= -Every.Ticks && age <= Lasts.Ticks;
}

/// <summary>Reads the catalogue again, from the start of the process to its end.</summary>
public sealed class CatalogueWorker(CurrentCatalogue catalogue, TimeProvider clock, ILogger<CatalogueWorker> logger)
    : PeriodicWorker(CurrentCatalogue.Every, clock, logger)
{
    protected override bool RunsAtStart => true;

    protected override Task WorkAsync(CancellationToken stopping) => catalogue.RefreshAsync(stopping);
}

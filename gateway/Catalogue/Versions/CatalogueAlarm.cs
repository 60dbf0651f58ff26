using System.Globalization;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.Catalogue.Versions;

/// <summary>
/// The catalogue cannot be looked at: what is served goes by the last known one, and a change by an operator is not
/// seen.
/// </summary>
public sealed class CatalogueAlarm(CurrentCatalogue current, TimeProvider clock) : IAlarm
{
    /// <summary>Several looks in a row have failed by then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public string Name => "catalogue_stale";

    public string Remedy => "See whether table storage answers; until it does the last known catalogue counts on this instance.";

    public async Task<AlarmStatus?> LookAsync(CancellationToken cancellation)
    {
        // A process that was frozen looks first.
        await current.TakeAsync(cancellation);
        var seen = current.SeenAt;
        return clock.GetUtcNow() - (seen ?? _started) <= Longest ? null : new AlarmStatus(
            (seen ?? _started) + Longest,
            seen is null ? "No catalogue has been read yet." : string.Create(CultureInfo.InvariantCulture, $"The catalogue was last looked at with success at {seen.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."));
    }
}

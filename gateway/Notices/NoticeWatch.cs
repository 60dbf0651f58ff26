using System.Globalization;
using System.Text.Json.Nodes;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Operations.Alarms;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Looks at what no request books: alarms, upstreams, and which models are free. All of it can be seen again at the
/// next look for as long as it lasts, so nothing has to be kept before a notice of it is.
/// </summary>
public sealed class NoticeWatch(
    NoticeOutbox outbox, INoticeStore store, AlarmBoard alarms, CurrentCatalogue current, Parking parking,
    QuotaLeases leases, TimeProvider clock)
{
    private static readonly int[] Percents = [80, 100];

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private DateOnly _day;
    private string? _free;

    /// <summary>Looks once.</summary>
    /// <exception cref="IOException">Storage is out of reach; the next look sees the same.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (today != _day)
        {
            _said.Clear();
            _day = today;
        }

        foreach (var alarm in await alarms.LookAsync(cancellation))
        {
            await SayAsync(NoticeType.AlarmRaised, alarm.Name, new JsonObject
            {
                ["alarm"] = alarm.Name,
                ["since"] = Text(alarm.Since),
                ["detail"] = alarm.Detail,
                ["remedy"] = alarm.Remedy,
            }, cancellation);
        }

        if ((await current.TakeAsync(cancellation)).Accepted(out var catalogue, out _))
        {
            await LookAtUpstreamsAsync(catalogue, cancellation);
            await LookAtFreeModelsAsync(catalogue, cancellation);
        }
    }

    private async Task LookAtUpstreamsAsync(CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        foreach (var upstream in catalogue.Upstreams)
        {
            foreach (var (model, parked) in parking.Of(upstream.EndpointId))
            {
                await SayAsync(NoticeType.UpstreamParked, $"{upstream.Name}\n{model}", new JsonObject
                {
                    ["upstream"] = upstream.Name,
                    ["model"] = model,
                    ["until"] = Text(parked.Until),
                }, cancellation);
            }

            var limits = upstream.Limits.Select(limit => UpstreamClaims.Bind(limit.Limit))
                .Where(bound => bound.Limit is { Amount: > 0, Window: not (LimitWindow.Minute or LimitWindow.None) });
            foreach (var limit in leases.StatusOf(upstream.KeyId, [.. limits]))
            {
                await LookAtLimitAsync(upstream, limit, cancellation);
            }
        }
    }

    private async Task LookAtLimitAsync(Upstream upstream, QuotaLeaseStatus status, CancellationToken cancellation)
    {
        var (limit, used) = (status.Limit, status.Limit.Amount - status.Remaining);
        foreach (var percent in Percents.Where(percent => (Int128)used * 100 >= (Int128)limit.Amount * percent))
        {
            // Of several keys of an account that shares its limits the first one tells: they are one partition.
            var key = $"{upstream.KeyId.Value}\n{limit.Name}\n{status.ResetsAt:O}\n{percent}";
            await SayAsync(NoticeType.UpstreamNearlySpent, key, new JsonObject
            {
                ["upstream"] = upstream.Name,
                ["limit"] = limit.Name,
                ["percent"] = percent,
                ["unit"] = limit.Unit.WireName(),
                ["amount"] = limit.Unit.Shown(limit.Amount),
                ["left"] = limit.Unit.Shown(status.Remaining),
                ["resets_at"] = status.ResetsAt is { } at ? Text(at) : null,
            }, cancellation);
        }
    }

    /// <summary>
    /// Compares what is free with what was free at the last look of any instance, which the store keeps: a model that
    /// left while nobody ran is told of, too.
    /// </summary>
    private async Task LookAtFreeModelsAsync(CatalogueSnapshot catalogue, CancellationToken cancellation)
    {
        if (_free == Names(FreeOf(catalogue)))
        {
            return;
        }

        var before = await store.ReadFreeModelsAsync(cancellation);
        // What is stored may be newer than the catalogue in memory: only one that is read after it can tell what left.
        await current.RefreshAnewAsync(cancellation);
        if (!(await current.TakeAsync(cancellation)).Accepted(out var now, out _))
        {
            return;
        }

        var free = FreeOf(now);
        foreach (var model in before?.Models.Except(free) ?? [])
        {
            var draft = new NoticeDraft(
                NoticeType.ModelFreeEnded, $"{model}\n{before!.ETag}", null, StartOf(_day), new JsonObject { ["model"] = model });
            await outbox.AddForAllAsync(draft, cancellation);
        }

        // Only after the notices are kept. Where another was first, the next look compares with what that one kept.
        if (Names(before?.Models ?? []) == Names(free) && before is not null
            || await store.KeepFreeModelsAsync(new FreeModels(free, before?.ETag), cancellation))
        {
            _free = Names(free);
        }
    }

    /// <summary>Tells something once a day.</summary>
    private async Task SayAsync(NoticeType type, string key, JsonObject data, CancellationToken cancellation)
    {
        var daily = $"{key}\n{_day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        var isNew = !_said.Contains($"{type}\n{daily}");
        if (isNew && await outbox.AddAsync(new NoticeDraft(type, daily, null, StartOf(_day), data), cancellation))
        {
            _said.Add($"{type}\n{daily}");
        }
    }

    private static List<string> FreeOf(CatalogueSnapshot catalogue) =>
        [.. catalogue.Models.All.Where(model => model.FreeEnabled).Select(model => model.Id).Order(StringComparer.Ordinal)];

    private static string Names(IEnumerable<string> models) => string.Join('\n', models);

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

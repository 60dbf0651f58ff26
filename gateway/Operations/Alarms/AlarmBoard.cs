using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Freeway.Gateway.Operations.Alarms;

/// <summary>
/// Watches which alarms are on. It looks once a minute at most, however often it is asked, and all who ask meanwhile
/// share the look. Outage stance: what cannot be seen stays as it was seen last.
/// </summary>
public sealed class AlarmBoard(IEnumerable<IAlarm> alarms, TimeProvider clock, ILogger<AlarmBoard> logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time after which an alarm that lasts is logged again, so that queries of the log still find it.
    /// </summary>
    private static readonly TimeSpan Tell = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly Gauge<int> Alarms = Meters.Freeway.CreateGauge<int>("freeway.alarm", "{alarm}", "1 while the alarm is on, else 0");

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, RaisedAlarm> _raised = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);
    private Task _looking = Task.CompletedTask;
    private DateTimeOffset? _began;

    /// <summary>The alarms that are on, by name; as they were a minute ago at most.</summary>
    public async Task<IReadOnlyList<RaisedAlarm>> LookAsync(CancellationToken cancellation)
    {
        Task looking;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_looking.IsCompleted && !(now - _began < Every))
            {
                _began = now;
                _looking = Task.WhenAll(alarms.Select(LookAsync));
            }

            looking = _looking;
        }

        await looking.WaitAsync(cancellation);
        return [.. _raised.Values.OrderBy(alarm => alarm.Name, StringComparer.Ordinal)];
    }

    private async Task LookAsync(IAlarm alarm)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        try
        {
            // The look serves all who ask, so none of them may end it; it must not begin within the lock either.
            await Task.Yield();
            Note(alarm, await alarm.LookAsync(limit.Token).WaitAsync(limit.Token));
        }
        catch (Exception unseen) when (unseen is IOException or OperationCanceledException)
        {
            AlarmLog.Unseen(logger, alarm.Name, unseen.Message);
        }
#pragma warning disable CA1031 // One alarm that is broken must not silence the others, nor take the instance out of rotation.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            AlarmLog.Broken(logger, alarm.Name, bug);
        }
    }

    private void Note(IAlarm alarm, AlarmStatus? sight)
    {
        var now = clock.GetUtcNow();
        Alarms.Record(sight is null ? 0 : 1, new KeyValuePair<string, object?>("alarm", alarm.Name));
        if (sight is null)
        {
            if (_raised.TryRemove(alarm.Name, out var over))
            {
                _told.TryRemove(alarm.Name, out _);
                AlarmLog.Over(logger, alarm.Name, (long)(now - over.Since).TotalMinutes);
            }

            return;
        }

        var since = sight.Since ?? (_raised.TryGetValue(alarm.Name, out var before) ? before.Since : now);
        _raised[alarm.Name] = new RaisedAlarm(alarm.Name, since, sight.Detail, alarm.Remedy);
        if (!_told.TryGetValue(alarm.Name, out var told) || now - told >= Tell)
        {
            _told[alarm.Name] = now;
            AlarmLog.On(logger, alarm.Name, (long)(now - since).TotalMinutes, sight.Detail, alarm.Remedy);
        }
    }
}

/// <summary>An alarm that is on.</summary>
/// <param name="Remedy">What a person is to do.</param>
public sealed record RaisedAlarm(string Name, DateTimeOffset Since, string Detail, string Remedy);

internal static partial class AlarmLog
{
    [LoggerMessage(2201, LogLevel.Warning, "Alarm {Alarm} has lasted {Minutes} min: {Detail} {Remedy}")]
    public static partial void On(ILogger logger, string alarm, long minutes, string detail, string remedy);

    [LoggerMessage(2202, LogLevel.Information, "The alarm {Alarm} is over after {Minutes} min")]
    public static partial void Over(ILogger logger, string alarm, long minutes);

    [LoggerMessage(2203, LogLevel.Information, "The alarm {Alarm} cannot be seen to now: {Reason}")]
    public static partial void Unseen(ILogger logger, string alarm, string reason);

    [LoggerMessage(2204, LogLevel.Error, "The alarm {Alarm} is broken")]
    public static partial void Broken(ILogger logger, string alarm, Exception bug);
}

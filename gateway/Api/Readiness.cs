using System.Collections.Concurrent;
using Freeway.Gateway.Operations.Alarms;

namespace Freeway.Gateway.Api;

/// <summary>
/// Checks whether this instance can serve, and which alarms are on. Everybody may ask, and as often as they like: what
/// was well is not asked again for a minute, what was not, or is in doubt, for five seconds, and all who ask at once
/// share one look.
/// </summary>
public sealed class Readiness(IEnumerable<IReadinessProbe> probes, AlarmBoard board, TimeProvider clock)
{
    public const string Ok = "ok";

    private static readonly TimeSpan WellLasts = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IllLasts = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Nobody is kept waiting for long by what decides nothing.</summary>
    private static readonly TimeSpan LongestUnrequired = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<IReadinessProbe, Look> _looks = new();

    public async Task<ReadinessResponse> CheckAsync(CancellationToken cancellation)
    {
        var alarms = board.LookAsync(cancellation);
        var answers = await Task.WhenAll(probes.Select(async probe =>
            (probe.Name, probe.IsRequired, Answer: await Latest(probe).WaitAsync(cancellation))));
        var checks = answers.ToDictionary(answer => answer.Name, answer => answer.Answer);
        var isReady = answers.All(answer => !answer.IsRequired || answer.Answer is Ok);
        return new ReadinessResponse(checks, [.. (await alarms).Select(AlarmResponse.Of)], isReady);
    }

    private Task<string> Latest(IReadinessProbe probe)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_looks.TryGetValue(probe, out var look) && (!look.Answer.IsCompleted || now - look.Began < (
                look.Answer.Result is Ok && !probe.IsDoubtful ? WellLasts : IllLasts)))
            {
                return look.Answer;
            }

            return (_looks[probe] = new Look(now, AskAsync(probe))).Answer;
        }
    }

    private async Task<string> AskAsync(IReadinessProbe probe)
    {
        using var limit = new CancellationTokenSource(probe.IsRequired ? Longest : LongestUnrequired, clock);
        try
        {
            // It is asked for all who wait, outside of the lock.
            await Task.Yield();
            await probe.ProbeAsync(limit.Token).WaitAsync(limit.Token);
            return Ok;
        }
        catch (IOException wrong)
        {
            return wrong.Message;
        }
        catch (OperationCanceledException)
        {
            return "no answer in time";
        }
    }

    private sealed record Look(DateTimeOffset Began, Task<string> Answer);
}

/// <summary>Says whether this instance can serve, and what is wrong with it.</summary>
/// <param name="Checks">What it works with, each <c>ok</c> or what is wrong.</param>
/// <param name="Alarms">What a person has to see to while it serves on.</param>
/// <param name="IsReady">Whether all is well that it cannot serve without; alarms do not count.</param>
public sealed record ReadinessResponse(
    IReadOnlyDictionary<string, string> Checks, IReadOnlyList<AlarmResponse> Alarms, bool IsReady)
{
    public const string Degraded = "degraded";
    public const string Unavailable = "unavailable";

    public string Status => !IsReady ? Unavailable
        : Alarms.Count > 0 || Checks.Values.Any(check => check is not Readiness.Ok) ? Degraded
        : Readiness.Ok;
}

/// <summary>An alarm that is on.</summary>
/// <param name="Remedy">What to do.</param>
public sealed record AlarmResponse(string Name, DateTimeOffset Since, string Detail, string Remedy)
{
    public static AlarmResponse Of(RaisedAlarm alarm) => new(alarm.Name, alarm.Since, alarm.Detail, alarm.Remedy);
}

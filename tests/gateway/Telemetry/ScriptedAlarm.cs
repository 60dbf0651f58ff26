using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Telemetry;

/// <summary>An alarm that sees what it is told to, and counts how often it is asked.</summary>
internal sealed class ScriptedAlarm(string name, Func<CancellationToken, Task<AlarmStatus?>> look) : IAlarm
{
    private int _looks;

    public string Name => name;

    public string Remedy => "Look at it.";

    public int Looks => _looks;

    public Task<AlarmStatus?> LookAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _looks);
        return look(cancellation);
    }
}

using System.Globalization;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Tests.Upstreams.Leasing;

/// <summary>An upstream that counts its callers itself, by its own windows, and says 429 to one too many.</summary>
internal sealed class ScriptedUpstream(string name, params (LimitUnit Unit, LimitWindow Window, long Amount)[] limits)
{
    private readonly Dictionary<(LimitUnit, LimitWindow, string), long> _counts = [];

    public string Partition { get; } = $"upstream|{name}|00";

    public IReadOnlyList<BoundLimit> Limits { get; } = [.. limits.Select(limit => AllowanceWorld.Limit(limit.Amount, limit.Window, limit.Unit))];

    public int ServedToday { get; private set; }

    public int Refusals { get; private set; }

    /// <summary>In requests; where tokens bound them, of 1,600 each on average, or what it really came to.</summary>
    public long FreeADay => Math.Max(ServedToday, _freeADay);

    private readonly long _freeADay = limits.Min(limit => limit switch
    {
        (LimitUnit.Requests, LimitWindow.Day, var amount) => amount,
        (LimitUnit.Tokens, LimitWindow.Day, var amount) => amount / 1600,
        (LimitUnit.Requests, LimitWindow.Hour, var amount) => amount * 24,
        (LimitUnit.Requests, LimitWindow.Minute, var amount) => amount * 1440,
        (LimitUnit.Requests, _, var amount) => amount,
        _ => long.MaxValue,
    });

    public static IReadOnlyList<ScriptedUpstream> Ten() =>
    [
        new("openrouter", (LimitUnit.Requests, LimitWindow.Minute, 20), (LimitUnit.Requests, LimitWindow.Day, 50)),
        new("groq", (LimitUnit.Requests, LimitWindow.Minute, 30), (LimitUnit.Requests, LimitWindow.Day, 1000), (LimitUnit.Tokens, LimitWindow.Day, 500_000)),
        new("cerebras", (LimitUnit.Requests, LimitWindow.Minute, 10), (LimitUnit.Requests, LimitWindow.Day, 900), (LimitUnit.Tokens, LimitWindow.Day, 1_000_000)),
        new("gemini", (LimitUnit.Requests, LimitWindow.Minute, 15), (LimitUnit.Requests, LimitWindow.Day, 1500)),
        new("mistral", (LimitUnit.Requests, LimitWindow.Minute, 1), (LimitUnit.Requests, LimitWindow.Day, 300)),
        new("github", (LimitUnit.Requests, LimitWindow.Minute, 10), (LimitUnit.Requests, LimitWindow.Day, 50)),
        new("hourly", (LimitUnit.Requests, LimitWindow.Hour, 40)),
        new("cohere", (LimitUnit.Requests, LimitWindow.Minute, 20), (LimitUnit.Requests, LimitWindow.Month, 400)),
        new("fastrouter", (LimitUnit.Requests, LimitWindow.Day, 10)),
        new("apilaplas", (LimitUnit.Requests, LimitWindow.Day, 200), (LimitUnit.Tokens, LimitWindow.Day, 400_000)),
    ];

    public bool Call(long tokens, DateTimeOffset now)
    {
        var keys = limits.Select(limit => (limit, Key: (limit.Unit, limit.Window, WindowId(limit.Window, now)), Amount: limit.Unit is LimitUnit.Tokens ? tokens : 1)).ToList();
        if (keys.Any(key => _counts.GetValueOrDefault(key.Key) + key.Amount > key.limit.Amount))
        {
            Refusals++;
            return false;
        }

        keys.ForEach(key => _counts[key.Key] = _counts.GetValueOrDefault(key.Key) + key.Amount);
        ServedToday++;
        return true;
    }

    public override string ToString() => $"{name,-12}{ServedToday,6} of {FreeADay,6}, {Refusals} over";

    private static string WindowId(LimitWindow window, DateTimeOffset now) => now.ToString(
        window switch { LimitWindow.Minute => "dd HH:mm", LimitWindow.Hour => "dd HH", LimitWindow.Day => "MM-dd", _ => "yyyy-MM" }, CultureInfo.InvariantCulture);
}

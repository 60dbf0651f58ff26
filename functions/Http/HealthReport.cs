using Freeway.Gateway.Views;

namespace Freeway.Functions.Http;

/// <summary>Whether this instance can serve; <paramref name="Checks"/> names what it looked at, each <c>ok</c> or what is wrong.</summary>
/// <param name="Status"><c>ok</c>; <c>degraded</c> while an alarm is on; <c>unavailable</c> where it cannot serve.</param>
/// <param name="Alarms">Those that are on; left out where nobody looked for any.</param>
internal sealed record HealthReport(string Status, IReadOnlyDictionary<string, string> Checks, IReadOnlyList<AlarmCard>? Alarms = null);

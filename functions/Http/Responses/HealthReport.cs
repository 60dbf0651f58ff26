using Freeway.Gateway.Api;

namespace Freeway.Functions.Http.Responses;

/// <summary>Says whether this instance can serve, and names what it looked at.</summary>
/// <param name="Status">
/// <c>ok</c>; <c>degraded</c> while an alarm is on; <c>unavailable</c> where it cannot serve.
/// </param>
/// <param name="Checks">What was looked at by its name; each is <c>ok</c> or says what is wrong.</param>
/// <param name="Alarms">The alarms that are on; left out where nobody looked for any.</param>
internal sealed record HealthReport(
    string Status, IReadOnlyDictionary<string, string> Checks, IReadOnlyList<AlarmResponse>? Alarms = null);

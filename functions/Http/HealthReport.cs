namespace Freeway.Functions.Http;

/// <summary>Whether this instance can serve; <paramref name="Checks"/> names what it looked at, each <c>ok</c> or what is wrong.</summary>
internal sealed record HealthReport(string Status, IReadOnlyDictionary<string, string> Checks);

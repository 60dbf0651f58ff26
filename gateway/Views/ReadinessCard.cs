namespace Freeway.Gateway.Views;

/// <summary>Where this instance stands.</summary>
/// <param name="Checks">What it works with, each <c>ok</c> or what is wrong.</param>
/// <param name="Alarms">What a person has to see to while it serves on.</param>
/// <param name="IsReady">Whether all is well that it cannot serve without; alarms do not count.</param>
public sealed record ReadinessCard(
    IReadOnlyDictionary<string, string> Checks, IReadOnlyList<AlarmCard> Alarms, bool IsReady)
{
    public const string Degraded = "degraded";
    public const string Unavailable = "unavailable";

    public string Status => !IsReady ? Unavailable
        : Alarms.Count > 0 || Checks.Values.Any(check => check is not Readiness.Ok) ? Degraded
        : Readiness.Ok;
}

namespace Freeway.Gateway.Views;

/// <summary>Where this instance stands.</summary>
/// <param name="Checks">What it cannot serve without, each <c>ok</c> or what is wrong.</param>
/// <param name="Alarms">What a person has to see to while it serves on.</param>
public sealed record ReadinessCard(IReadOnlyDictionary<string, string> Checks, IReadOnlyList<AlarmCard> Alarms)
{
    public const string Degraded = "degraded";
    public const string Unavailable = "unavailable";

    /// <summary>An alarm takes nobody out of rotation: only a check that fails does.</summary>
    public bool IsReady => Checks.Values.All(check => check is Readiness.Ok);

    public string Status => !IsReady ? Unavailable : Alarms.Count > 0 ? Degraded : Readiness.Ok;
}

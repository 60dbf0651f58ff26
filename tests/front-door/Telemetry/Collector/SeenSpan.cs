namespace Freeway.FrontDoor.Tests.Telemetry.Collector;

/// <summary>A span as it was exported.</summary>
public sealed record SeenSpan(string Trace, string Id, string Parent, string Name, int Kind, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> LinkedTraces)
{
    public const int Server = 2;
    public const int Client = 3;
    public const int Producer = 4;
    public const int Consumer = 5;
}

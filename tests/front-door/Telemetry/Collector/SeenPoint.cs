namespace Freeway.FrontDoor.Tests.Telemetry.Collector;

/// <summary>A measurement as it was exported.</summary>
/// <param name="Value">What a counter or a gauge says; of a histogram, how often something was measured.</param>
public sealed record SeenPoint(string Meter, string Name, string Unit, double Value, IReadOnlyDictionary<string, string> Tags)
{
    public override string ToString() => $"{Name}{{{string.Join(",", Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"))}}}";
}

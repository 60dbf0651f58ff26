namespace Freeway.FrontDoor.Tests.Telemetry.Collector;

/// <summary>A log line as it was exported.</summary>
public sealed record SeenLine(string Trace, string Text, IReadOnlyDictionary<string, string> Tags);

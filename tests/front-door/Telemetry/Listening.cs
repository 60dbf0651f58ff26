namespace Freeway.FrontDoor.Tests.Telemetry;

/// <summary>Tests that listen to spans, one after the other: what one of them records, the others would see as recorded.</summary>
[CollectionDefinition(nameof(Listening))]
public sealed class Listening;

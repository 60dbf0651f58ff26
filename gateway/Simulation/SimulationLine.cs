namespace Freeway.Gateway.Simulation;

/// <summary>One org and model of a simulated day.</summary>
/// <param name="Model">The one that was asked for, or that answered.</param>
/// <param name="Before">As it was.</param>
/// <param name="After">As it would have been.</param>
/// <param name="RefusedBy">What would have refused: limits by plan and name, else the code of the refusal; with counts.</param>
public sealed record SimulationLine(string Org, string Model, SimulationSums Before, SimulationSums After, IReadOnlyDictionary<string, long> RefusedBy);

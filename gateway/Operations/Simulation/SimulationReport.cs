using System.Text.Json.Serialization;

namespace Freeway.Gateway.Operations.Simulation;

/// <summary>A past day as it was, and as it would have been.</summary>
/// <param name="Version">The version that was tried; null for a catalogue that was sent along.</param>
/// <param name="Against">The version that counts, by which refusals are told apart from what the simulation cannot
///     know.</param>
/// <param name="Orgs">How many orgs had anything to replay.</param>
/// <param name="Unexplained">Requests that were let through although by what is recorded they would not have been: they
///     are let through here too.</param>
/// <param name="Lines">The first of them, by org and model.</param>
/// <param name="Truncated">True where there are more lines than are told; the sums are of all.</param>
public sealed record SimulationReport(
    DateOnly Day,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Version,
    int Against,
    long Orgs,
    long Unexplained,
    SimulationSums Before,
    SimulationSums After,
    IReadOnlyDictionary<string, long> RefusedBy,
    IReadOnlyList<SimulationLine> Lines,
    bool Truncated)
{
    /// <summary>The most lines that a report lists; further ones are only summed up.</summary>
    public const int Most = 1000;

    [JsonPropertyOrder(-1)]
    public string Object { get; } = "simulation";
}

/// <summary>One org and model of a simulated day.</summary>
/// <param name="Model">The one that was asked for, or that answered.</param>
/// <param name="Before">As it was.</param>
/// <param name="After">As it would have been.</param>
/// <param name="RefusedBy">What would have refused: limits by plan and name, else the code of the refusal; with
///     counts.</param>
public sealed record SimulationLine(string Org, string Model, SimulationSums Before, SimulationSums After, IReadOnlyDictionary<string, long> RefusedBy);

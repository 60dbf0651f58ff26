using Freeway.Gateway.Core;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Simulation;

/// <summary>Whether a catalogue lets a request through.</summary>
/// <param name="RefusedBy">Null where it does; else the limit that refuses, by plan and name, or the code of the refusal.</param>
internal readonly record struct Verdict(string? RefusedBy)
{
    public bool Admits => RefusedBy is null;

    public static Verdict Admitted => default;

    public static Verdict Of(Refusal refusal) => new(refusal.Limit?.Source ?? refusal.Code.WireName());
}

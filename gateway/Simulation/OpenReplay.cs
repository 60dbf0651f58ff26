using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Simulation;

/// <summary>A request of the simulated day that is under way.</summary>
internal sealed record OpenReplay(ActivityRecord Record, Quote Quote, IReadOnlyList<Hold> Holds);

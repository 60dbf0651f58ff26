using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Inference;

/// <summary>A request whose books are closed.</summary>
/// <param name="Row">Holds the record until the queue has it.</param>
internal sealed record SettledRequest(RequestRow Row, ActivityRecord Record, Booked Booked);

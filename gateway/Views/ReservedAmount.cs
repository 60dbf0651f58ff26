using Freeway.Gateway.Core;
using Freeway.Gateway.Policies;

namespace Freeway.Gateway.Views;

/// <summary>What a request would take of one limit, in the unit as callers see it.</summary>
public sealed record ReservedAmount(string Id, string Unit, decimal Amount)
{
    public static ReservedAmount Of(BoundLimit bound, long amount) =>
        new(bound.Source, bound.Limit.Unit.WireName(), bound.Limit.Unit.Shown(amount));
}

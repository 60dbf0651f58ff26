using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference;

/// <summary>A request that was admitted: everything the stages after admission need to know of it.</summary>
/// <param name="Started">A <see cref="TimeProvider"/> timestamp.</param>
public sealed record AdmittedRequest(
    Caller Caller, RequestBody Body, Slug Slug, Model Model, Reservation Reservation, DateTimeOffset Time, long Started)
{
    public string Tier => TierOf(Slug);

    public static string TierOf(Slug slug) => slug.Variant is Variant.Free ? "free" : "paid";
}

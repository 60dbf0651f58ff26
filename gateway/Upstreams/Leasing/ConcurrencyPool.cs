using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Places among the requests that an upstream takes at once: leases in the ledger's row, used again by one attempt
/// after the other until they are given back. One that its instance never gave back expires.
/// </summary>
internal sealed class ConcurrencyPool(BoundLimit bound, TimeSpan lasts) : QuotaLeasePool(bound)
{
    private readonly List<string> _free = [];
    private readonly List<string> _returning = [];
    private List<string> _granted = [];
    private List<string> _returned = [];

    public override bool IsScarce => true;

    public override long Left(DateTimeOffset now) => _free.Count(place => Lasts(place, now));

    public override Hold Take(long amount, DateTimeOffset now)
    {
        LastTaken = now;

        // The one that lasts longest: none that would expire under the attempt.
        var place = _free.Max(StringComparer.Ordinal)!;
        _free.Remove(place);
        return new Hold(Key, place, 1);
    }

    public override void Settle(Hold hold, long used) => _free.Add(hold.Window);

    public override long Room(QuotaRow row, DateTimeOffset now)
    {
        // Those that would expire under an attempt make room for new ones.
        _returning.AddRange(_free.Where(place => !Lasts(place, now)));
        _free.RemoveAll(place => !Lasts(place, now));
        return Math.Max(0, Bound.Limit.Amount - Without(row.Leases, _returning).Count);
    }

    public override long Prefetch(long amount, long room, QuotaLeaseOptions options) => 0;

    public override QuotaRow Draft(QuotaRow row, long grant, DateTimeOffset now)
    {
        _granted = [.. Enumerable.Repeat(ConcurrencyLeases.Name(now + lasts), (int)grant)];
        _returned = [.. _returning];
        var leases = _granted.Aggregate(Without(row.Leases, _returned), (all, place) => all.With(place));
        return row with { Unit = Bound.Limit.Unit, Limit = Bound.Limit.Amount, Leases = leases, Reserved = leases.Count };
    }

    public override void Landed()
    {
        _free.AddRange(_granted);
        _returned.ForEach(place => _returning.Remove(place));
        (_granted, _returned) = ([], []);
        Returns = _returning.Count > 0;
    }

    public override void Lost()
    {
        _returning.Clear();
        (_granted, _returned) = ([], []);
        Returns = false;
    }

    public override void Withdraw(DateTimeOffset now)
    {
        _returning.AddRange(_free);
        _free.Clear();
        Returns = _returning.Count > 0;
    }

    public override void Correct(long remaining, DateTimeOffset now)
    {
        // Places come and go: what an upstream said of them is old when it arrives.
    }

    private bool Lasts(string place, DateTimeOffset now) => string.CompareOrdinal(place, ConcurrencyLeases.Name(now + (lasts / 2))) > 0;

    private static ConcurrencyLeases Without(ConcurrencyLeases leases, List<string> places) =>
        places.Aggregate(leases, (all, place) => all.Contains(place) ? all.Without(place) : all);
}

using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Upstreams.Leasing;

/// <summary>
/// Holds slots among the requests that an upstream takes at once. A slot is a lease in the ledger's row, named by when
/// it expires; one attempt after the other uses it until it is given back. A slot that its instance never gave back
/// expires.
/// </summary>
/// <param name="lasts">How long a slot lasts that is never given back.</param>
internal sealed class ConcurrencyPool(BoundLimit bound, TimeSpan lasts) : QuotaLeasePool(bound)
{
    private readonly List<string> _free = [];
    private readonly List<string> _returning = [];
    private List<string> _granted = [];
    private List<string> _returned = [];

    public override bool IsScarce => true;

    public override long Remaining(DateTimeOffset now) => _free.Count(slot => LastsAnAttempt(slot, now));

    public override Hold Take(long amount, DateTimeOffset now)
    {
        LastTakenAt = now;

        // The slot that lasts longest: none that would expire under the attempt.
        var slot = _free.Max(StringComparer.Ordinal)!;
        _free.Remove(slot);
        return new Hold(Key, slot, 1);
    }

    public override void Settle(Hold hold, long used) => _free.Add(hold.Window);

    public override long Grantable(QuotaRow row, DateTimeOffset now)
    {
        // Slots that would expire under an attempt make room for new ones.
        _returning.AddRange(_free.Where(slot => !LastsAnAttempt(slot, now)));
        _free.RemoveAll(slot => !LastsAnAttempt(slot, now));
        return Math.Max(0, Bound.Limit.Amount - Without(row.Leases, _returning).Count);
    }

    public override long OwnReserved(QuotaRow row) => 0;

    public override long Prefetch(long amount, long grantable, QuotaLeaseOptions options) => 0;

    public override QuotaRow Draft(QuotaRow row, long grant, DateTimeOffset now)
    {
        _granted = [.. Enumerable.Repeat(ConcurrencyLeases.Name(now + lasts), (int)grant)];
        _returned = [.. _returning];
        var leases = _granted.Aggregate(Without(row.Leases, _returned), (all, slot) => all.With(slot));
        var limit = Bound.Limit;
        return row with { Unit = limit.Unit, Limit = limit.Amount, Leases = leases, Reserved = leases.Count };
    }

    public override void OnCommitted()
    {
        _free.AddRange(_granted);
        _returned.ForEach(slot => _returning.Remove(slot));
        (_granted, _returned) = ([], []);
        HasReturns = _returning.Count > 0;
    }

    public override void OnOutcomeUnknown()
    {
        _returning.Clear();
        (_granted, _returned) = ([], []);
        HasReturns = false;
    }

    public override void MarkForReturn(DateTimeOffset now)
    {
        _returning.AddRange(_free);
        _free.Clear();
        HasReturns = _returning.Count > 0;
    }

    public override void Correct(long remaining, DateTimeOffset now)
    {
        // Requests come and go: what an upstream says of its free slots is old when it arrives.
    }

    /// <summary>Tells whether a slot lasts for half its time yet, which is longer than the longest attempt.</summary>
    private bool LastsAnAttempt(string slot, DateTimeOffset now) =>
        string.CompareOrdinal(slot, ConcurrencyLeases.Name(now + (lasts / 2))) > 0;

    private static ConcurrencyLeases Without(ConcurrencyLeases leases, List<string> slots) =>
        slots.Aggregate(leases, (all, slot) => all.Contains(slot) ? all.Without(slot) : all);
}

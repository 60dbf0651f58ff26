using Freeway.Gateway.Catalogue;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>What an org has bought and what is left of it, and the operator's way to add to it.</summary>
public sealed class CreditsView(CurrentCatalogue current, IOrgStore orgs, RequestLedger ledger, TopUps topUps, TimeProvider clock)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Decision<CreditsCard>> FindAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            return CreditsCard.Of(await ledger.ReadAccountAsync(caller.Org.Id, cancellation));
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    /// <summary>Adds to an org's account by the rules of its plan, once for each <c>Idempotency-Key</c>.</summary>
    public async Task<Decision<CreditsCard>> TopUpAsync(TopUpRequest request, CancellationToken cancellation)
    {
        try
        {
            if (await orgs.FindAsync(request.Org, cancellation) is not { } org)
            {
                return Refuse.NotFound("organisation of this id") with { Param = "org" };
            }

            if (!(await current.TakeAsync(cancellation)).Accepted(out var catalogue, out var refusal))
            {
                return refusal;
            }

            var purchase = new Purchase(request.Id, request.Nanos, clock.GetUtcNow());
            var decision = await topUps.TopUpAsync(org.Id, purchase, catalogue.Plans.PlanOf(org).Purchases, cancellation);
            return decision.Accepted(out var account, out refusal) ? CreditsCard.Of(account) : refusal;
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable(RetryAfterOutage);
        }
    }
}

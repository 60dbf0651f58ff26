using System.Text.Json.Serialization;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Api;

/// <summary>What an org has bought and what is left of it, and the operator's way to add to it.</summary>
public sealed class CreditsView(CurrentCatalogue current, IOrgStore orgs, RequestLedger ledger, TopUps topUps, TimeProvider clock)
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    public async Task<Result<CreditsResponse>> FindAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            return CreditsResponse.Of(await ledger.ReadAccountAsync(caller.Org.Id, cancellation));
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead(RetryAfterOutage);
        }
    }

    /// <summary>Adds to an org's account by the rules of its plan, once for each <c>Idempotency-Key</c>.</summary>
    public async Task<Result<CreditsResponse>> TopUpAsync(TopUpRequest request, CancellationToken cancellation)
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
            return decision.Accepted(out var account, out refusal) ? CreditsResponse.Of(account) : refusal;
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable(RetryAfterOutage);
        }
    }
}

/// <summary>An org's account in USD, as decimal strings.</summary>
/// <param name="HeldUsd">For requests under way.</param>
/// <param name="LeftUsd">Below zero where an org pays afterwards.</param>
public sealed record CreditsResponse(string BoughtUsd, string SpentUsd, string HeldUsd, string LeftUsd)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "credits";

    public static CreditsResponse Of(AccountState account) =>
        new(Money.Format(account.Bought), Money.Format(account.Spent), Money.Format(account.Held), Money.Format(account.Left));
}

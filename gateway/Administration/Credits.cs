using Freeway.Gateway.Audit;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Policies;
using Freeway.Gateway.Refusals;
using Freeway.Gateway.Views;

namespace Freeway.Gateway.Administration;

/// <summary>
/// The operator's side of accounts. A top-up is noted in the audit before the ledger takes it, because they are in different
/// tables: what a crash leaves between the two is a record whose purchase is not among the org's, until the top-up is sent again.
/// </summary>
public sealed class Credits(RequestLedger ledger, CreditsView credits, IOrgStore orgs, Filing filing, IPlanSource plans)
{
    public async Task<Decision<AccountCard>> FindAsync(string? org, CancellationToken cancellation)
    {
        if (org is not { Length: >= 1 and <= 64 })
        {
            return Refuse.InvalidField("org", "'org' must be the id of an organisation.");
        }

        if (await orgs.FindAsync(org, cancellation) is null)
        {
            return Refuse.NotFound("organisation of this id") with { Param = "org" };
        }

        var (account, purchases) = (ledger.ReadAccountAsync(org, cancellation), ledger.ListPurchasesAsync(org, cancellation));
        var state = CreditsCard.Of(await account);
        return new AccountCard(
            org, state.BoughtUsd, state.SpentUsd, state.HeldUsd, state.LeftUsd,
            [.. (await purchases).OrderByDescending(purchase => purchase.At).Select(PurchaseCard.Of)]);
    }

    public async Task<Decision<Revised<CreditsCard>>> TopUpAsync(Command command, CancellationToken cancellation)
    {
        if (!TopUpRequest.Read(command.IdempotencyKey, command.Body).Accepted(out var request, out var refusal))
        {
            return refusal;
        }

        if (await orgs.FindAsync(request.Org, cancellation) is not { } org)
        {
            return Refuse.NotFound("organisation of this id") with { Param = "org" };
        }

        if ((await plans.TakePlansAsync(cancellation)).PlanOf(org).Purchases.TooSmall(request.Nanos) is { } small)
        {
            return small;
        }

        var note = await filing.NoteAsync(
            command, "credits.add", Subject.OfCredits(org.Id), null, CreditsNote.Of(request.Id, request.Nanos), cancellation);
        return !note.Accepted(out var noted, out refusal) || !(await credits.TopUpAsync(request, cancellation)).Accepted(out var card, out refusal)
            ? refusal
            : new Revised<CreditsCard>(card, null) { IsReplay = noted.IsReplay };
    }
}

using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>
/// The operator's side of accounts. A top-up is noted in the audit before the ledger takes it, because they are in different
/// tables: what a crash leaves between the two is a record whose purchase is not among the org's, until the top-up is sent again.
/// </summary>
public sealed class Credits(RequestLedger ledger, CreditsView credits, IOrgStore orgs, DocumentWriter filing, IPlanSource plans)
{
    public async Task<Result<AccountResponse>> FindAsync(string? org, CancellationToken cancellation)
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
        var state = CreditsResponse.Of(await account);
        return new AccountResponse(
            org, state.BoughtUsd, state.SpentUsd, state.HeldUsd, state.LeftUsd,
            [.. (await purchases).OrderByDescending(purchase => purchase.At).Select(PurchaseResponse.Of)]);
    }

    public async Task<Result<DocumentResult<CreditsResponse>>> TopUpAsync(AdminCommand command, CancellationToken cancellation)
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
            : new DocumentResult<CreditsResponse>(card, null) { IsReplay = noted.IsReplay };
    }
}

/// <summary>A top-up as the audit shows it.</summary>
internal static class CreditsNote
{
    public static string Of(string id, long nanos) => new JsonObject { ["purchase"] = id, ["usd"] = Money.Format(nanos) }.ToJsonString();
}

/// <summary>An org's account in USD, as decimal strings, and what it was filled with.</summary>
/// <param name="HeldUsd">For requests under way.</param>
/// <param name="LeftUsd">Below zero where an org pays afterwards.</param>
/// <param name="Purchases">The newest first.</param>
public sealed record AccountResponse(string Org, string BoughtUsd, string SpentUsd, string HeldUsd, string LeftUsd, IReadOnlyList<PurchaseResponse> Purchases)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "account";
}

/// <summary>One top-up.</summary>
/// <param name="Id">The <c>Idempotency-Key</c> that it came with.</param>
public sealed record PurchaseResponse(string Id, string Usd, DateTimeOffset Time)
{
    internal static PurchaseResponse Of(Purchase purchase) => new(purchase.Id, Money.Format(purchase.Nanos), purchase.At);
}

using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>Reads the accounts of organisations: what was bought and what is left.</summary>
public sealed class CreditQueries(RequestLedger ledger, IOrgStore orgs)
{
    /// <summary>Reads the account of the caller's organisation.</summary>
    public async Task<Result<CreditsResponse>> FindAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            return CreditsResponse.Of(await ledger.ReadAccountAsync(caller.Org.Id, cancellation));
        }
        catch (IOException)
        {
            return Refuse.CannotBeRead();
        }
    }

    /// <summary>Reads an account with its purchases, for the operator.</summary>
    /// <exception cref="IOException">The orgs or the ledger are out of reach.</exception>
    public async Task<Result<AccountResponse>> FindAccountAsync(string? org, CancellationToken cancellation)
    {
        if (org is not { Length: >= 1 and <= 64 })
        {
            return Refuse.InvalidField("org", "'org' must be the id of an organisation.");
        }

        if (await orgs.FindAsync(org, cancellation) is null)
        {
            return Refuse.NotFound("organisation of this id") with { Param = "org" };
        }

        var (account, purchases) = (
            ledger.ReadAccountAsync(org, cancellation), ledger.ListPurchasesAsync(org, cancellation));
        var state = CreditsResponse.Of(await account);
        return new AccountResponse(
            org, state.BoughtUsd, state.SpentUsd, state.HeldUsd, state.LeftUsd,
            [.. (await purchases).OrderByDescending(purchase => purchase.At).Select(PurchaseResponse.Of)]);
    }
}

/// <summary>
/// Adds to the accounts of organisations. A top-up is noted in the audit before the ledger takes it, because they are
/// in different tables: what a crash leaves between the two is a record whose purchase is not among the org's, until
/// the top-up is sent again.
/// </summary>
public sealed class CreditCommands(
    IPlanSource plans, IOrgStore orgs, TopUps topUps, DocumentWriter writer, TimeProvider clock)
{
    /// <summary>Adds to an org's account by the rules of its plan, once for each <c>Idempotency-Key</c>.</summary>
    /// <exception cref="IOException">The orgs, the plans or the audit are out of reach; nothing was added.</exception>
    public async Task<Result<DocumentResult<CreditsResponse>>> TopUpAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        if (!TopUpRequest.Read(command.IdempotencyKey, command.Body).Accepted(out var request, out var refusal))
        {
            return refusal;
        }

        if (await orgs.FindAsync(request.Org, cancellation) is not { } org)
        {
            return Refuse.NotFound("organisation of this id") with { Param = "org" };
        }

        var book = await plans.TakePlansAsync(cancellation);
        var rules = book.PlanOf(org).Purchases;
        if (rules.TooSmall(request.Nanos) is { } tooSmall)
        {
            return tooSmall;
        }

        var noting = await writer.NoteAsync(
            command, "credits.add", Subject.OfCredits(org.Id), null, Note(request), cancellation);
        if (!noting.Accepted(out var noted, out refusal))
        {
            return refusal;
        }

        try
        {
            var purchase = new Purchase(request.Id, request.Nanos, clock.GetUtcNow());
            var adding = await topUps.TopUpAsync(org.Id, purchase, rules, cancellation);
            return adding.Accepted(out var account, out refusal)
                ? new DocumentResult<CreditsResponse>(CreditsResponse.Of(account), null) { IsReplay = noted.IsReplay }
                : refusal;
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable();
        }
    }

    private static string Note(TopUpRequest request) =>
        new JsonObject { ["purchase"] = request.Id, ["usd"] = Money.Format(request.Nanos) }.ToJsonString();
}

/// <summary>An org's account in USD, as decimal strings, and what it was filled with.</summary>
/// <param name="HeldUsd">For requests under way.</param>
/// <param name="LeftUsd">Below zero where an org pays afterwards.</param>
/// <param name="Purchases">The newest first.</param>
public sealed record AccountResponse(
    string Org, string BoughtUsd, string SpentUsd, string HeldUsd, string LeftUsd,
    IReadOnlyList<PurchaseResponse> Purchases)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "account";
}

/// <summary>One top-up.</summary>
/// <param name="Id">The <c>Idempotency-Key</c> that it came with.</param>
public sealed record PurchaseResponse(string Id, string Usd, DateTimeOffset Time)
{
    internal static PurchaseResponse Of(Purchase purchase) => new(
        purchase.Id, Money.Format(purchase.Nanos), purchase.At);
}

/// <summary>An org's account in USD, as decimal strings.</summary>
/// <param name="HeldUsd">For requests under way.</param>
/// <param name="LeftUsd">Below zero where an org pays afterwards.</param>
public sealed record CreditsResponse(string BoughtUsd, string SpentUsd, string HeldUsd, string LeftUsd)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "credits";

    public static CreditsResponse Of(AccountState account) =>
        new(
            Money.Format(account.Bought), Money.Format(account.Spent), Money.Format(account.Held),
            Money.Format(account.Left));
}

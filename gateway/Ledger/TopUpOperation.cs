using Freeway.Gateway.Core;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Ledger;

/// <summary>
/// Adds a purchase and raises the account by it. The purchase's row is the mark: it is added once and stays for ever.
/// Whoever finds it, after a lost answer or beside another purchase with the same id, knows that the purchase is
/// committed.
/// </summary>
internal sealed class TopUpOperation(Purchase purchase) : LedgerOperation(needsRead: true)
{
    private static readonly QuotaKey AccountRow = new(Account.Source, Account.Prepaid.Subject);
    private readonly Answer<Result<AccountState>> _answer = new();
    private AccountState? _after;
    private Purchase? _found;
    private bool _hasReread;

    public override IReadOnlyList<QuotaKey> Quotas { get; } = [AccountRow];

    public override IReadOnlyList<object> OwnRows { get; } = [purchase.Id];

    public Answer<Result<AccountState>> Answer => _answer;

    public override async Task ReadOwnRowsAsync(ILedgerStore store, string org, CancellationToken cancellation)
    {
        _found = await store.FindPurchaseAsync(org, purchase.Id, cancellation);
        NeedsRead = false;
        ClearDoubt();
    }

    public override void MarkInDoubt(IReadOnlyDictionary<QuotaKey, CachedQuota> guards)
    {
        base.MarkInDoubt(guards);
        NeedsRead = true;
    }

    public override OperationDecision Decide(LedgerDraft draft)
    {
        if (_found is null)
        {
            var row = draft.Working(AccountRow).Roll(LimitWindow.Lifetime, draft.Now);
            if (row.Limit > long.MaxValue - purchase.Nanos)
            {
                return End(Refuse.InvalidField("usd", "The account cannot hold so much."));
            }

            // Each purchase begins anew: whether little is left is looked at again with the next booking.
            row = row with { Unit = LimitUnit.NanoDollars, Limit = row.Limit + purchase.Nanos, Noticed = 0 };
            draft.Change(row);
            draft.Add(new LedgerWrite.AddPurchase(purchase));
            _after = AccountState.Of(row);
            return OperationDecision.WithCommit;
        }

        if (_found.Nanos != purchase.Nanos)
        {
            return End(Refuse.InvalidField(
                "Idempotency-Key",
                "This Idempotency-Key belongs to a top-up of another amount. Send another key for another top-up."));
        }

        if (_hasReread)
        {
            return End(AccountState.Of(draft.Committed(AccountRow).Row));
        }

        // The purchase is committed, and the account's row that we remember may be from before.
        _hasReread = true;
        draft.Outdated.Add(AccountRow);
        return OperationDecision.Later;
    }

    public override void Committed(IReadOnlyList<string?> etags) => End(_after!);

    public override void Fail(Exception error)
    {
        _answer.TryFail(error);
        Ended = true;
    }

    private OperationDecision End(Result<AccountState> answer)
    {
        _answer.TrySet(answer);
        Ended = true;
        return OperationDecision.Now;
    }
}

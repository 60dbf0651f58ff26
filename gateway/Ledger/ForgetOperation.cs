using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>Deletes a finished request row whose record the queue has accepted.</summary>
internal sealed class ForgetOperation(RequestKey row, string etag) : RequestOperation(row, null)
{
    private readonly Answer<bool> _answer = new();

    public override IReadOnlyList<QuotaKey> Quotas => [];

    public override int Size => 256;

    public Answer<bool> Answer => _answer;

    public override void Judge(RequestRow? found, IReadOnlyDictionary<QuotaKey, CachedQuota> quotas)
    {
        ClearDoubt();
        if (found is null || found.ETag != etag)
        {
            End();
        }
    }

    public override OperationDecision Decide(LedgerDraft draft)
    {
        draft.Add(new LedgerWrite.DeleteRequest(Row, etag));
        return OperationDecision.WithCommit;
    }

    public override void Committed(IReadOnlyList<string?> etags) => End();

    public override void Fail(Exception error)
    {
        // Nobody may be waiting: the row is found, sent once more and deleted with those that wait for the queue.
        LeavesUnsentRecord = true;
        _answer.TryFail(error);
        Ended = true;
    }

    private void End()
    {
        _answer.TrySet(true);
        Ended = true;
    }
}

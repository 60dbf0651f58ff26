namespace Freeway.Gateway.Ledger;

/// <summary>The end of one transaction.</summary>
/// <param name="FailedIndex">Which write failed, where the store names it.</param>
/// <param name="ETags">When committed: the new ETag of each write in order, null for deletes.</param>
public sealed record CommitOutcome(CommitVerdict Verdict, int? FailedIndex, IReadOnlyList<string?> ETags)
{
    public static CommitOutcome Unknown { get; } = new(CommitVerdict.Unknown, null, []);

    public static CommitOutcome NotSent { get; } = new(CommitVerdict.NotSent, null, []);

    public static CommitOutcome Committed(IReadOnlyList<string?> etags) => new(CommitVerdict.Committed, null, etags);

    public static CommitOutcome Conflict(int? index) => new(CommitVerdict.Conflict, index, []);

    public static CommitOutcome Invalid(int? index) => new(CommitVerdict.Invalid, index, []);
}

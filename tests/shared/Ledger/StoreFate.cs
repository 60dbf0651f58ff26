namespace Freeway.Tests.Shared.Ledger;

/// <summary>What becomes of one call to a store.</summary>
public enum StoreFate
{
    Fine,
    AnswerLost,
    NeverSent,
    Late,
    Busy,
}

using Freeway.Gateway.Core;
using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>An attempt that waits for the ledger.</summary>
internal sealed class AllowanceWaiter(IReadOnlyList<Take> takes, long since)
{
    private readonly Answer<AllowanceAnswer> _answer = new();

    public IReadOnlyList<Take> Takes => takes;

    /// <summary>When it came, by the monotonic clock; after <see cref="AllowanceOptions.Deadline"/> it goes elsewhere.</summary>
    public long Since => since;

    public Answer<AllowanceAnswer> Answer => _answer;

    public bool Ended => _answer.IsSet;

    /// <summary>False where it has left.</summary>
    public bool TryAnswer(AllowanceAnswer answer) => _answer.TrySet(answer);

    public void Leave() => _answer.TryCancel();

    public void Fail(Exception bug) => _answer.TryFail(bug);
}

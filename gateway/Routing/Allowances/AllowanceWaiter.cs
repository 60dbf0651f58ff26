using Freeway.Gateway.Ledger;

namespace Freeway.Gateway.Routing.Allowances;

/// <summary>An attempt that waits for the ledger.</summary>
internal sealed class AllowanceWaiter(IReadOnlyList<Take> takes, DateTimeOffset until)
{
    private readonly TaskCompletionSource<AllowanceAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Take> Takes => takes;

    /// <summary>When it goes elsewhere.</summary>
    public DateTimeOffset Until => until;

    public Task<AllowanceAnswer> Answer => _answer.Task;

    public bool Ended => _answer.Task.IsCompleted;

    /// <summary>False where it has left.</summary>
    public bool TryAnswer(AllowanceAnswer answer) => _answer.TrySetResult(answer);

    public void Leave() => _answer.TrySetCanceled();

    public void Fail(Exception bug) => _answer.TrySetException(bug);
}

using Freeway.Gateway.Ledger;
using Freeway.Tests.Shared.Ledger;

namespace Freeway.Gateway.Tests.Ledger;

/// <summary>Something is wrong with one operation itself: the others of its batch must not notice.</summary>
public sealed class OperationFailureTests : IDisposable
{
    private readonly LedgerWorld _world = new();
    private readonly LedgerProcess _process;

    public OperationFailureTests() => _process = _world.Process();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Settle_ItsRecordCannotBeWritten_FailsAloneAndTheOthersGoOn()
    {
        var (broken, whole) = (await _world.AdmitAsync(_process), await _world.AdmitAsync(_process));
        var (sending, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.Store.Committing = _ =>
        {
            _process.Store.Committing = null;
            sending.SetResult();
            return going.Task;
        };
        var first = _world.AskAsync(_process);
        await sending.Task;

        // While the first is under way these gather in one batch.
        var failing = _process.Ledger.SettleAsync(
            broken, [new Claim(LedgerWorld.Ten, 1)], _ => throw new FormatException("a bug"), null, CancellationToken.None);
        var (settled, admitted) = (LedgerWorld.SettleAsync(_process, whole), _world.AskAsync(_process));
        going.SetResult();

        (await Should.ThrowAsync<FormatException>(failing)).Message.ShouldBe("a bug");
        (await settled).ShouldNotBeNull().Open.ShouldBeFalse();
        (await first).Accepted(out _, out _).ShouldBeTrue();
        (await admitted).Accepted(out _, out _).ShouldBeTrue();
        (_world.Quota().Used, _world.Quota().Reserved).ShouldBe((1, 3));
    }
}

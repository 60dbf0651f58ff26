using Freeway.Gateway.Core;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Core;

public sealed class WaitBudgetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _clock = new();

    [Fact]
    public async Task Spend_ByStagesOneAfterTheOther_LeavesTheNextOnlyTheRest()
    {
        var waits = new WaitBudget(8 * Second, _clock);
        await waits.SpendAsync(_ => TakeAsync(6 * Second));
        waits.Left.ShouldBe(2 * Second);

        var hanging = waits.SpendAsync(HangAsync, CancellationToken.None);
        _clock.Advance(2 * Second - TimeSpan.FromTicks(1));
        hanging.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromTicks(1));

        await Should.ThrowAsync<IOException>(hanging);
        waits.Left.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Spend_WhereNothingIsLeft_StillTakesWhatIsThereAtOnce()
    {
        var waits = new WaitBudget(Second, _clock);
        await waits.SpendAsync(_ => TakeAsync(2 * Second));

        (await waits.SpendAsync((CancellationToken _) => Task.FromResult(7), CancellationToken.None)).ShouldBe(7);
        await Should.ThrowAsync<IOException>(waits.SpendAsync(HangAsync, CancellationToken.None));
    }

    [Fact]
    public async Task Spend_TheCallerLeaves_IsNoOutage()
    {
        var waits = new WaitBudget(Second, _clock);
        using var leaving = new CancellationTokenSource();
        var hanging = waits.SpendAsync(HangAsync, leaving.Token);

        leaving.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(hanging);
    }

    private Task<bool> TakeAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.FromResult(true);
    }

    private static async Task<bool> HangAsync(CancellationToken cancellation)
    {
        await Silence.KeepAsync(cancellation);
        return true;
    }
}

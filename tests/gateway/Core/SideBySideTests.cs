using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

public sealed class SideBySideTests
{
    [Fact]
    public async Task ForEach_MoreItemsThanMayRun_RunsEachOnceAndSoManyAtOnce()
    {
        var (now, most, done) = (0, 0, new List<int>());

        await SideBySide.ForEachAsync(
            Enumerable.Range(0, 50),
            4,
            async (item, _) =>
            {
                lock (done)
                {
                    most = Math.Max(most, ++now);
                    done.Add(item);
                }

                await Task.Yield();
                Interlocked.Decrement(ref now);
            },
            CancellationToken.None);

        done.Order().ShouldBe(Enumerable.Range(0, 50));
        most.ShouldBeInRange(1, 4);
    }

    [Fact]
    public async Task ForEach_OneFails_TakesNoFurtherItemsAndTellsTheFailure()
    {
        var taken = 0;

        var failure = await Should.ThrowAsync<InvalidOperationException>(SideBySide.ForEachAsync(
            Enumerable.Range(0, 1000),
            3,
            async (item, gone) =>
            {
                Interlocked.Increment(ref taken);
                await Task.Yield();
                if (item is 5)
                {
                    throw new InvalidOperationException("the sixth");
                }

                // Those beside it run until they are stopped, so that none makes room for another however slowly it fails.
                await (item < 5 ? Task.CompletedTask : new TaskCompletionSource().Task.WaitAsync(gone));
            },
            CancellationToken.None));

        failure.Message.ShouldBe("the sixth");
        taken.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task ForEach_Cancelled_IsCancelled()
    {
        using var gone = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(SideBySide.ForEachAsync(
            Enumerable.Range(0, 10),
            2,
            (_, _) =>
            {
                gone.Cancel();
                return Task.CompletedTask;
            },
            gone.Token));
    }
}

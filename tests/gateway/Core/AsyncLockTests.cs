using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

public sealed class AsyncLockTests
{
    private readonly AsyncLock _lock = new();

    [Fact]
    public async Task Enter_ManyAtOnce_LetsOneInAtATimeInTheirOrder()
    {
        var (inside, order) = (0, new List<int>());
        var first = await _lock.EnterAsync(CancellationToken.None);
        var others = Enumerable.Range(0, 20).Select(WorkAsync).ToList();

        first.Dispose();
        await Task.WhenAll(others);

        order.ShouldBe(Enumerable.Range(0, 20));

        async Task WorkAsync(int number)
        {
            using (await _lock.EnterAsync(CancellationToken.None))
            {
                Interlocked.Increment(ref inside).ShouldBe(1);
                order.Add(number);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        }
    }

    [Fact]
    public async Task Enter_OneWhoWaitsLeaves_TheNextGetsItsTurn()
    {
        using var leaving = new CancellationTokenSource();
        var first = await _lock.EnterAsync(CancellationToken.None);
        var (left, next) = (_lock.EnterAsync(leaving.Token), _lock.EnterAsync(CancellationToken.None));

        leaving.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(left);
        first.Dispose();

        (await next).Dispose();
        (await _lock.EnterAsync(CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task Dispose_OfOneTurnTwice_LetsNobodyElseInBesideAnother()
    {
        var first = await _lock.EnterAsync(CancellationToken.None);
        var (second, third) = (_lock.EnterAsync(CancellationToken.None), _lock.EnterAsync(CancellationToken.None));

        first.Dispose();
        first.Dispose();

        using (await second)
        {
            third.IsCompleted.ShouldBeFalse();
        }

        (await third).Dispose();
    }
}

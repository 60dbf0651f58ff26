using Freeway.Gateway.Core;

namespace Freeway.Gateway.Tests.Core;

public sealed class AnswerTests
{
    [Fact]
    public async Task Wait_TheAnswerIsSet_GoesOnAfterTheOneWhoSetsIt()
    {
        var (answer, steps) = (new Answer<int>(), new List<string>());
        var waiting = WaitAsync();

        lock (steps)
        {
            // Were the waiter run on this stack, it would be within the lock already and add its step first.
            answer.TrySet(7).ShouldBeTrue();
            steps.Add("set");
        }

        (await waiting).ShouldBe(7);
        steps.ShouldBe(["set", "went on"]);

        async Task<int> WaitAsync()
        {
            var found = await answer.WaitAsync();
            lock (steps)
            {
                steps.Add("went on");
            }

            return found;
        }
    }

    [Fact]
    public async Task Wait_ItsTokenFires_EndsTheWaitAloneAndNotTheAnswer()
    {
        var answer = new Answer<int>();
        using var leaving = new CancellationTokenSource();
        var (left, stayed) = (answer.WaitAsync(leaving.Token), answer.WaitAsync());

        leaving.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(left);
        answer.TrySet(1).ShouldBeTrue();
        (await stayed).ShouldBe(1);
        answer.TrySet(2).ShouldBeFalse();
        answer.TryCancel().ShouldBeFalse();
    }
}

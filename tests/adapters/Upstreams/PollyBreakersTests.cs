using Freeway.Adapters.Upstreams;
using Freeway.Gateway.Upstreams;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Adapters.Tests.Upstreams;

public sealed class PollyBreakersTests
{
    private readonly ManualTime _time = new();
    private readonly PollyBreakers _breakers;

    public PollyBreakersTests() => _breakers = new PollyBreakers(new BreakerOptions(), _time, NullLogger<PollyBreakers>.Instance);

    [Fact]
    public async Task Run_FailsTooOften_IsNotCalledUntilItsBreakIsOver()
    {
        await BreakAsync();

        _breakers.StateOf("key", out var until).ShouldBe(BreakerState.Open);
        until.ShouldBe(_time.GetUtcNow().AddSeconds(15));
        await Should.ThrowAsync<UpstreamBrokenException>(AnswerAsync(200));
        _breakers.StateOf("other", out _).ShouldBe(BreakerState.Closed);
        _time.Advance(TimeSpan.FromSeconds(15));
        _breakers.StateOf("key", out until);
        until.ShouldBeNull();

        (await AnswerAsync(200)).ShouldBe(200);

        _breakers.StateOf("key", out _).ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public async Task Run_FailsAgainAfterItsBreak_IsLeftAloneLonger()
    {
        await BreakAsync();
        _time.Advance(TimeSpan.FromSeconds(15));

        (await AnswerAsync(500)).ShouldBe(500);

        _breakers.StateOf("key", out var until).ShouldBe(BreakerState.Open);
        until.ShouldBe(_time.GetUtcNow().AddSeconds(30));
    }

    [Fact]
    public async Task Run_OneTriesAfterTheBreak_TheOthersGoElsewhere()
    {
        await BreakAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        var trial = new TaskCompletionSource<int>();
        var first = _breakers.RunAsync("key", () => trial.Task, status => status >= 500);

        _breakers.StateOf("key", out _).ShouldBe(BreakerState.HalfOpen);
        await Should.ThrowAsync<UpstreamBrokenException>(AnswerAsync(200));

        trial.SetResult(200);
        await first;
        (await AnswerAsync(200)).ShouldBe(200);
    }

    [Fact]
    public async Task Run_NoConnectionAndNoAnswerInTime_AreFailuresAndTheCallersLeaveIsNone()
    {
        for (var call = 0; call < 10; call++)
        {
            await Should.ThrowAsync<OperationCanceledException>(ThrowAsync(new OperationCanceledException()));
        }

        _breakers.StateOf("key", out _).ShouldBe(BreakerState.Closed);
        for (var call = 0; call < 9; call++)
        {
            await Should.ThrowAsync<TimeoutException>(ThrowAsync(new TimeoutException()));
        }

        await Should.ThrowAsync<UpstreamUnreachableException>(ThrowAsync(new UpstreamUnreachableException("gone", new IOException())));
        _breakers.StateOf("key", out _).ShouldBe(BreakerState.Open);
    }

    [Fact]
    public async Task Run_UpstreamSays429_IsNoFailure()
    {
        for (var call = 0; call < 20; call++)
        {
            await AnswerAsync(429);
        }

        _breakers.StateOf("key", out _).ShouldBe(BreakerState.Closed);
    }

    private async Task BreakAsync()
    {
        for (var call = 0; call < 10; call++)
        {
            await AnswerAsync(503);
        }
    }

    private Task<int> AnswerAsync(int status) => _breakers.RunAsync("key", () => Task.FromResult(status), answer => answer >= 500);

    private Task<int> ThrowAsync(Exception error) => _breakers.RunAsync<int>("key", () => Task.FromException<int>(error), answer => answer >= 500);
}

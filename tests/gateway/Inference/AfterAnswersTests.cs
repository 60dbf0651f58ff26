using Freeway.Gateway.Inference;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Inference;

public sealed class AfterAnswersTests
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(0.5);
    private readonly ManualTime _clock = new();
    private readonly TaskCompletionSource _books = new();

    [Fact]
    public async Task Run_OfBooksThatTakeLong_LetsTheRequestGoAndIsWaitedForAtTheEnd()
    {
        var after = After(Held);
        var request = after.RunAsync(() => _books.Task);
        _clock.Advance(Held - TimeSpan.FromTicks(1));
        request.IsCompleted.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromTicks(1));
        await request;

        var stopping = after.StopAsync(CancellationToken.None);
        stopping.IsCompleted.ShouldBeFalse();
        _books.SetResult();
        await stopping;
    }

    [Fact]
    public async Task Run_WhereTheProcessMayBeFrozenBetweenRequests_LastsAsLongAsTheBooks()
    {
        var request = After(null).RunAsync(() => _books.Task);

        _clock.Advance(TimeSpan.FromMinutes(1));
        request.IsCompleted.ShouldBeFalse();

        _books.SetResult();
        await request;
    }

    [Fact]
    public void Options_UnlessTheHostHasItsOwn_LetNoRequestGo()
    {
        Held(new ServiceCollection().AddInference()).ShouldBeNull();
        Held(new ServiceCollection().AddSingleton(new AfterAnswerOptions(AfterAnswersTests.Held)).AddInference())
            .ShouldBe(AfterAnswersTests.Held);

        static TimeSpan? Held(IServiceCollection services)
        {
            var options = services.Single(service => service.ServiceType == typeof(AfterAnswerOptions));
            return ((AfterAnswerOptions)options.ImplementationInstance!).Held;
        }
    }

    [Fact]
    public async Task Run_OfBooksThatFail_IsToldToTheRequestThatStillWaits()
    {
        _books.SetException(new InvalidOperationException("a bug"));

        await Should.ThrowAsync<InvalidOperationException>(After(Held).RunAsync(() => _books.Task));
    }

    [Fact]
    public async Task Stop_BooksThatNeverClose_DoNotKeepTheProcess()
    {
        var after = After(Held);
        var request = after.RunAsync(() => _books.Task);
        _clock.Advance(Held);
        await request;

        await after.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task Run_MoreThanMayBeLetGo_HoldsItsRequest()
    {
        var after = After(Held);
        var requests = Enumerable.Range(0, AfterAnswers.Most).Select(_ => after.RunAsync(async () => await _books.Task)).ToList();
        _clock.Advance(Held);
        await Task.WhenAll(requests);

        var other = new TaskCompletionSource();
        var more = after.RunAsync(() => other.Task);
        _clock.Advance(TimeSpan.FromMinutes(1));
        more.IsCompleted.ShouldBeFalse();

        other.SetResult();
        await more;
    }

    private AfterAnswers After(TimeSpan? held) => new(new AfterAnswerOptions(held), _clock, NullLogger<AfterAnswers>.Instance);
}

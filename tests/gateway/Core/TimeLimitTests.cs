using Freeway.Gateway.Core;
using Freeway.Tests.Shared;

namespace Freeway.Gateway.Tests.Core;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _clock = new();

    [Fact]
    public void Token_TimeIsOver_Fires()
    {
        using var limit = new TimeLimit(Second, _clock, CancellationToken.None);
        _clock.Advance(Second - TimeSpan.FromTicks(1));
        limit.IsOver.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromTicks(1));

        limit.IsOver.ShouldBeTrue();
        limit.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Token_TheOtherFires_FiresAtOnce()
    {
        using var other = new CancellationTokenSource();
        using var limit = new TimeLimit(Second, _clock, other.Token);

        other.Cancel();

        limit.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Dispose_OtherFiresLater_IsNotHeard()
    {
        using var other = new CancellationTokenSource();
        var limit = new TimeLimit(Second, _clock, other.Token);
        var heard = false;
        using var listening = limit.Token.Register(() => heard = true);
        limit.Dispose();

        other.Cancel();
        _clock.Advance(Second);

        heard.ShouldBeFalse();
    }
}

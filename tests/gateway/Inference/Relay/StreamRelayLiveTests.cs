using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class StreamRelayLiveTests : IDisposable
{
    private const string Comment = ": freeway\n\n";

    private static readonly string Hello = Recorded.Chunk("""{"content":"hello"}""");
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly Relaying _relaying = new();

    public void Dispose() => _relaying.Dispose();

    [Fact]
    public async Task Relay_EventArrives_ReachesTheCallerBeforeTheNextOne()
    {
        var relay = _relaying.Stream();

        _relaying.Upstream.Send(Hello);
        (await _relaying.Caller.NextAsync()).ShouldBe(Hello);
        _relaying.Upstream.Send(Hello[..20]);
        _relaying.Upstream.Send(Hello[20..]);
        (await _relaying.Caller.NextAsync()).ShouldBe(Hello);
        _relaying.Upstream.Send(Recorded.Last);
        _relaying.Upstream.End();

        (await relay).Ending.ShouldBe(RelayEnding.Completed);
    }

    [Fact]
    public async Task Relay_SecondsBeforeTheFirstEvent_AreItsFirstByteTime()
    {
        var relay = _relaying.Stream();

        _relaying.Upstream.Send(": wait\n\n");
        await _relaying.Caller.NextAsync();
        _relaying.Time.Advance(TimeSpan.FromSeconds(3));
        _relaying.Upstream.Send(Recorded.Last);
        await _relaying.Caller.NextAsync();
        _relaying.Time.Advance(TimeSpan.FromSeconds(3));
        _relaying.Upstream.End();

        (await relay).FirstByteAfter.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Relay_NothingFlows_SendsACommentEvery15Seconds()
    {
        var relay = _relaying.Stream();
        await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);

        for (var beat = 1; beat <= 3; beat++)
        {
            _relaying.Time.Advance(_relaying.Options.Heartbeat - Instant);
            _relaying.Caller.Text.Length.ShouldBe(Comment.Length * (beat - 1));
            _relaying.Time.Advance(Instant);
            (await _relaying.Caller.NextAsync()).ShouldBe(Comment);
            await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);
        }

        _relaying.Upstream.Send(Recorded.Last);
        _relaying.Upstream.End();
        (await relay).Ending.ShouldBe(RelayEnding.Completed);
        _relaying.Caller.Text.ShouldBe(Comment + Comment + Comment + Recorded.Last);
    }

    [Fact]
    public async Task Relay_EventInBetween_PutsTheHeartbeatOff()
    {
        var relay = _relaying.Stream();
        await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);

        _relaying.Time.Advance(TimeSpan.FromSeconds(10));
        _relaying.Upstream.Send(Hello);
        await _relaying.Caller.NextAsync();
        _relaying.Time.Advance(TimeSpan.FromSeconds(5));
        await _relaying.Time.ArmedAsync(TimeSpan.FromSeconds(10));
        _relaying.Caller.Text.ShouldBe(Hello);
        _relaying.Time.Advance(TimeSpan.FromSeconds(10));

        (await _relaying.Caller.NextAsync()).ShouldBe(Comment);
        _relaying.Upstream.Send(Recorded.Last);
        _relaying.Upstream.End();
        await relay;
    }

    [Fact]
    public async Task Relay_HalfAnEventIsThere_SendsTheCommentBeforeIt()
    {
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Hello + Hello[..30]);
        await _relaying.Caller.NextAsync();
        await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);

        _relaying.Time.Advance(_relaying.Options.Heartbeat);
        await _relaying.Caller.NextAsync();
        _relaying.Upstream.Send(Hello[30..] + Recorded.Last);
        _relaying.Upstream.End();

        await relay;
        _relaying.Caller.Text.ShouldBe(Hello + Comment + Hello + Recorded.Last);
    }

    [Fact]
    public async Task Relay_InsideAnEventThatPassesThrough_SendsNoComment()
    {
        _relaying.Options.LongestEvent = 4096;
        var relay = _relaying.Stream();
        var huge = $"data: {new string('x', 4000)}";
        _relaying.Upstream.Send(huge);
        _relaying.Upstream.Send(new string('y', 4000));
        await _relaying.Caller.NextAsync();
        await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);

        _relaying.Time.Advance(_relaying.Options.Heartbeat);
        await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);
        _relaying.Upstream.Send("\n\n" + Recorded.Last);
        _relaying.Upstream.End();

        await relay;
        _relaying.Caller.Text.ShouldBe(huge + new string('y', 4000) + "\n\n" + Recorded.Last);
    }

    [Fact]
    public async Task Relay_UpstreamSilentTooLong_TimesOutAndTellsTheCaller()
    {
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Hello);
        await _relaying.Caller.NextAsync();

        for (var waited = TimeSpan.Zero; waited < _relaying.Options.UpstreamSilence; waited += _relaying.Options.Heartbeat)
        {
            relay.IsCompleted.ShouldBeFalse();
            await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);
            _relaying.Time.Advance(_relaying.Options.Heartbeat);
            await _relaying.Caller.NextAsync();
        }

        var result = await relay;
        result.Ending.ShouldBe(RelayEnding.UpstreamTimedOut);
        result.CompletionBytes.ShouldBe(5);
        _relaying.Upstream.ReadCancelled.ShouldBeTrue();
        _relaying.Upstream.Closed.ShouldBeTrue();
        _relaying.Caller.Text.ShouldContain("\"code\":\"upstream_timeout\"");
        _relaying.Caller.Text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Relay_SlowCaller_IsNotTheUpstreamsSilence()
    {
        var stalled = _relaying.Caller.Stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Recorded.Last);
        await _relaying.Caller.FlushBegunAsync();

        for (var waited = TimeSpan.Zero; waited <= _relaying.Options.UpstreamSilence; waited += _relaying.Options.Heartbeat)
        {
            await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);
            _relaying.Time.Advance(_relaying.Options.Heartbeat);
        }

        _relaying.Caller.Stalled = null;
        stalled.SetResult();
        (await _relaying.Caller.NextAsync()).ShouldBe(Recorded.Last);
        _relaying.Upstream.End();
        (await relay).Ending.ShouldBe(RelayEnding.Completed);
    }

    [Fact]
    public async Task Relay_CallerLeavesWhileTheUpstreamThinks_CancelsTheUpstreamAtOnce()
    {
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Hello);
        await _relaying.Caller.NextAsync();

        await _relaying.Upstream.Thinking;
        await _relaying.CallerLeavesAsync();

        var result = await relay;
        (result.Ending, result.CompletionBytes, result.AnyByteWritten).ShouldBe((RelayEnding.CallerGone, 5, true));
        _relaying.Upstream.ReadCancelled.ShouldBeTrue();
        _relaying.Upstream.Closed.ShouldBeTrue();
        _relaying.Caller.Text.ShouldBe(Hello);
    }

    [Fact]
    public async Task Relay_FlushFindsTheCallerGone_CancelsTheUpstreamAtOnce()
    {
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Hello);
        await _relaying.Caller.NextAsync();

        _relaying.Caller.Gone = true;
        _relaying.Upstream.Send(Hello);

        var result = await relay;
        (result.Ending, result.CompletionBytes).ShouldBe((RelayEnding.CallerGone, 10));
        _relaying.Upstream.Closed.ShouldBeTrue();
    }

    [Fact]
    public async Task Relay_HeartbeatFindsTheCallerGone_CancelsTheUpstreamAtOnce()
    {
        var relay = _relaying.Stream();
        await _relaying.Time.ArmedAsync(_relaying.Options.Heartbeat);

        _relaying.Caller.Gone = true;
        _relaying.Time.Advance(_relaying.Options.Heartbeat);

        (await relay).Ending.ShouldBe(RelayEnding.CallerGone);
        _relaying.Upstream.ReadCancelled.ShouldBeTrue();
    }

    [Fact]
    public async Task Relay_CallerLeavesAfterDone_IsComplete()
    {
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Recorded.Whole);
        await _relaying.Caller.NextAsync();

        await _relaying.CallerLeavesAsync();

        (await relay).Ending.ShouldBe(RelayEnding.Completed);
    }

    [Fact]
    public async Task Relay_UpstreamStaysOpenAfterDone_IsLeftAfterTheFarewell()
    {
        var relay = _relaying.Stream();
        _relaying.Upstream.Send(Recorded.Whole);
        await _relaying.Caller.NextAsync();
        await _relaying.Time.ArmedAsync(_relaying.Options.UpstreamFarewell);
        relay.IsCompleted.ShouldBeFalse();

        _relaying.Time.Advance(_relaying.Options.UpstreamFarewell);

        (await relay).Ending.ShouldBe(RelayEnding.Completed);
        _relaying.Upstream.Closed.ShouldBeTrue();
        _relaying.Caller.Text.ShouldBe(Recorded.Whole);
    }
}

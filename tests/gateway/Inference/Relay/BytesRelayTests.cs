using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Tests.Inference.Relay;

public sealed class BytesRelayTests
{
    private static readonly byte[] Sound = [.. Enumerable.Range(0, 100_000).Select(at => (byte)(at * 7))];

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(100_000)]
    public async Task Relay_AnyPortions_SendsEachAsItComesAndKeepsNone(int portion)
    {
        var caller = new RecordingCaller();
        var most = 0;
        var upstream = new PortionedStream(Sound.Chunk(portion), beforeRead: delivered => most = Math.Max(most, delivered - caller.Sent.Length));

        var result = await RelayAsync(upstream, caller);

        caller.Sent.ShouldBe(Sound);
        (result.Ending, result.Usage, result.Kept, result.AnyByteWritten).ShouldBe((RelayEnding.Completed, TokenUsage.None, null, true));
        most.ShouldBe(0);
        upstream.Closed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"not json")]
    [InlineData("{\"usage\":{\"prompt_tokens\":1}}")]
    [InlineData("   ")]
    public async Task Relay_WhatLooksLikeJson_IsNotRead(string text)
    {
        var caller = new RecordingCaller();

        var result = await RelayAsync(PortionedStream.Of(text), caller);

        caller.Text.ShouldBe(text);
        (result.Ending, result.Usage).ShouldBe((RelayEnding.Completed, TokenUsage.None));
    }

    [Fact]
    public async Task Relay_NothingComes_IsBrokenBeforeAnyByte()
    {
        var result = await RelayAsync(PortionedStream.Of(""), new RecordingCaller());

        (result.Ending, result.AnyByteWritten, result.FirstByteAfter).ShouldBe((RelayEnding.UpstreamBroke, false, null));
    }

    [Fact]
    public async Task Relay_UpstreamDrops_IsBroken()
    {
        var caller = new RecordingCaller();

        var result = await RelayAsync(new PortionedStream([Sound[..10]], new IOException("reset")), caller);

        (result.Ending, result.AnyByteWritten).ShouldBe((RelayEnding.UpstreamBroke, true));
        caller.Sent.ShouldBe(Sound[..10]);
    }

    [Fact]
    public async Task Relay_UpstreamSilentTooLong_TimesOut()
    {
        using var relaying = new Relaying();
        var relay = relaying.Bytes();
        await relaying.Time.ArmedAsync(relaying.Options.UpstreamSilence);

        relaying.Time.Advance(relaying.Options.UpstreamSilence);

        (await relay).Ending.ShouldBe(RelayEnding.UpstreamTimedOut);
    }

    [Fact]
    public async Task Relay_CallerLeaves_CancelsTheUpstreamAtOnce()
    {
        using var relaying = new Relaying();
        var relay = relaying.Bytes();
        relaying.Upstream.Send("RIFF");
        await relaying.Caller.NextAsync();

        await relaying.CallerLeavesAsync();

        (await relay).Ending.ShouldBe(RelayEnding.CallerGone);
        relaying.Upstream.ReadCancelled.ShouldBeTrue();
    }

    private static Task<RelayResult> RelayAsync(UpstreamStream upstream, RecordingCaller caller) =>
        new BytesRelay(new OptionsWrapper<RelayOptions>(new()), TimeProvider.System).RelayAsync(upstream, caller, CancellationToken.None);
}

using Freeway.Gateway.Metering;

namespace Freeway.Gateway.Tests.Metering;

public sealed class UsageEstimatorTests
{
    [Theory]
    [InlineData(11L, 5L, 400, 40, 11, 5, false)] // all reported: nothing estimated
    [InlineData(null, null, 401, 41, 101, 11, true)] // nothing reported
    [InlineData(0L, 5L, 400, 40, 100, 5, true)] // no prompt has 0 tokens
    [InlineData(11L, 0L, 400, 40, 11, 10, true)] // text without tokens
    [InlineData(11L, 0L, 400, 0, 11, 0, false)] // nothing produced, and said so
    [InlineData(11L, null, 400, 0, 11, 0, true)] // nothing produced, and not said
    public void Complete_WhatTheUpstreamLeftOut_IsEstimatedAndMarked(
        long? prompt, long? completion, long promptBytes, long completionBytes, long metredPrompt, long metredCompletion, bool estimated) =>
        UsageEstimator.Complete(new TokenUsage(prompt, completion, null), promptBytes, completionBytes)
            .ShouldBe(new MeteredUsage(metredPrompt, metredCompletion, estimated));
}

using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Tests.Inference.Metering;

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
        UsageEstimator.Complete(new TokenUsage(prompt, completion, null), promptBytes, completionBytes, Surface.ChatCompletions.Measures)
            .ShouldBe(new MeteredUsage(metredPrompt, metredCompletion, estimated));

    [Theory]
    [InlineData(10L, 5L, 115L, 105, 100)] // reasoning outside the completion
    [InlineData(10L, 5L, 15L, 5, 0)]
    [InlineData(10L, 5L, 12L, 5, 0)] // a total that is too small says nothing
    [InlineData(10L, null, 17L, 7, 0)]
    [InlineData(10L, null, 10L, 0, 0)]
    [InlineData(null, 5L, 15L, 5, 0)]
    public void Complete_WhatFollowsFromTheTotal_IsNoEstimate(long? prompt, long? completion, long? total, long metred, long reasoning) =>
        UsageEstimator.Complete(new TokenUsage(prompt, completion, total), 400, 0, Surface.ChatCompletions.Measures)
            .ShouldBe(new MeteredUsage(10, metred, Estimated: false) { Reasoning = reasoning });

    [Fact]
    public void Complete_DetailsBeyondTheirWhole_AreCut() =>
        UsageEstimator.Complete(new TokenUsage(10, 5, 15) { Cached = 11, Reasoning = 6 }, 400, 0, Surface.ChatCompletions.Measures)
            .ShouldBe(new MeteredUsage(10, 5, Estimated: false) { Cached = 10, Reasoning = 5 });

    [Theory]
    [InlineData(11L, null, 11L, 400, 11, 0, false)] // as OpenAI reports it: without a completion
    [InlineData(null, null, 11L, 400, 11, 0, false)] // the total is all prompt
    [InlineData(0L, null, 0L, 401, 101, 0, true)]
    [InlineData(null, null, null, 401, 101, 0, true)]
    public void Complete_Embeddings_HaveAPromptOnly(
        long? prompt, long? completion, long? total, long promptBytes, long metredPrompt, long metredCompletion, bool estimated) =>
        UsageEstimator.Complete(new TokenUsage(prompt, completion, total), promptBytes, 0, Surface.Embeddings.Measures)
            .ShouldBe(new MeteredUsage(metredPrompt, metredCompletion, estimated));

    [Theory]
    [InlineData(11L, 4000L, 11, 4000)]
    [InlineData(null, null, 0, 0)] // priced by the image
    public void Complete_Images_UseWhatIsReportedAndNothingElse(long? prompt, long? completion, long metredPrompt, long metredCompletion) =>
        UsageEstimator.Complete(new TokenUsage(prompt, completion, null), 400, 0, Surface.ImageGenerations.Measures)
            .ShouldBe(new MeteredUsage(metredPrompt, metredCompletion, Estimated: false));
}

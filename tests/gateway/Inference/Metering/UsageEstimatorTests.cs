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

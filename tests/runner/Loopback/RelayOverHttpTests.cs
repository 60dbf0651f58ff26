using System.IO.Pipelines;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Models;
using Freeway.Runner.Loopback;
using Microsoft.Extensions.Options;

namespace Freeway.Runner.Tests.Loopback;

/// <summary>The gateway's relay on a real connection: what a recorded stream cannot show.</summary>
public sealed class RelayOverHttpTests
{
    private const string WithUsage = ""","stream_options":{"include_usage":true}""";

    [Fact]
    public async Task Relay_WholeStream_EqualsWhatTheUpstreamSendsButForUsage()
    {
        await using var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { Words = 500 });
        var pipe = new Pipe();

        var relay = RelayAsync(rig, pipe.Writer, LoopbackRig.Body("žluťoučký 😀", stream: true, WithUsage));
        using var caller = new StreamReader(pipe.Reader.AsStream());
        var sent = caller.ReadToEndAsync();

        var result = await relay;
        await pipe.Writer.CompleteAsync();
        (result.Ending, result.Usage.Completion, result.FinishReason).ShouldBe((RelayEnding.Completed, 500, "stop"));
        (await sent).ShouldBe((await rig.AnswerAsync(LoopbackRig.Body("žluťoučký 😀", stream: true)))
            .Replace("loopback2", "loopback1", StringComparison.Ordinal)
            .Replace("}]}\n\n", "}],\"usage\":null}\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Relay_UpstreamDrops_EndsAsBroken()
    {
        await using var rig = await LoopbackRig.StartAsync();
        var pipe = new Pipe();

        var result = await RelayAsync(rig, pipe.Writer, LoopbackRig.Body("/script chunks=5 drop_after=2 abcd", stream: true));

        (result.Ending, result.CompletionBytes, result.Usage).ShouldBe((RelayEnding.UpstreamBroke, 9, TokenUsage.None));
    }

    [Fact]
    public async Task Relay_CallerLeaves_ReachesTheUpstreamAtOnce()
    {
        var gate = new LoopbackGate();
        await using var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = 2 });
        using var gone = new CancellationTokenSource();
        var pipe = new Pipe();
        var relay = RelayAsync(rig, pipe.Writer, LoopbackRig.Body("one two three", stream: true), gone.Token);
        var request = await gate.ArrivalAsync();
        await pipe.Reader.ReadAtLeastAsync(600);

        await gone.CancelAsync();

        (await relay).Ending.ShouldBe(RelayEnding.CallerGone);
        await request.ClientGone.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task<RelayResult> RelayAsync(LoopbackRig rig, PipeWriter caller, string body, CancellationToken gone = default)
    {
        using var response = await rig.PostAsync(body, gone);
        return await new StreamRelay(Options.Create(new RelayOptions()), rig.Time)
            .RelayAsync(await response.Content.ReadAsStreamAsync(gone), caller, StreamShape.ChatChunks, hideUsage: true, gone);
    }
}

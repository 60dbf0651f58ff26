using System.Text;
using Freeway.Runner.Loopback;

namespace Freeway.Runner.Tests.Loopback;

public sealed class LoopbackSignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Request_Arrived_IsThereToBeLookedAt()
    {
        await using var rig = await LoopbackRig.StartAsync();
        rig.Client.DefaultRequestHeaders.Add("X-Title", "a test");
        var body = LoopbackRig.Body("hi", more: ""","service_tier":"flex" """);

        await rig.AnswerAsync(body);

        var request = await rig.Upstream.ArrivalAsync();
        Encoding.UTF8.GetString(request.Body.Span).ShouldBe(body);
        request.Headers["x-title"].ShouldBe("a test");
        request.Path.ShouldBe("/v1/chat/completions");
        request.Chat!.UserText.ShouldBe("hi");
        rig.Upstream.Requests.ShouldBe([request]);
        await request.Finished.WaitAsync(Patience);
        (rig.Upstream.Received, rig.Upstream.Finished, rig.Upstream.ClientsGone).ShouldBe((1, 1, 0));
        request.ClientGone.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Requests_MoreThanRemembered_KeepTheLatest()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackOptions { Remembered = 2 }, TimeProvider.System);
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);

        for (var turn = 0; turn < 3; turn++)
        {
            await client.GetStringAsync(upstream.BaseUrl + "/models");
        }

        upstream.Requests.Select(request => request.Number).ShouldBe([2, 3]);
    }

    [Theory]
    [InlineData(LoopbackScript.AfterHeaders, "")]
    [InlineData(2, "one two")]
    public async Task Gate_Closed_HoldsTheAnswerThereUntilItOpens(int holdAfter, string before)
    {
        var gate = new LoopbackGate();
        await using var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = holdAfter });

        using var response = await rig.PostAsync(LoopbackRig.Body("one two three", stream: true));
        await gate.ArrivalAsync();
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = "";
        while (text.Length < before.Length)
        {
            var line = await body.ReadLineAsync();
            text += line!.Split("\"content\":\"") is [_, var rest] ? rest.Split('"')[0] : "";
        }

        text.ShouldBe(before);
        var next = body.ReadToEndAsync();
        next.IsCompleted.ShouldBeFalse();
        gate.Open();
        (await next).ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Gate_BeforeHeaders_HoldsEveryAnswer()
    {
        var gate = new LoopbackGate();
        await using var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = LoopbackScript.BeforeHeaders });

        Task<string>[] answers = [rig.AnswerAsync(LoopbackRig.Body("a")), rig.AnswerAsync(LoopbackRig.Body("b"))];
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        answers.ShouldAllBe(answer => !answer.IsCompleted);
        gate.Open();

        (await Task.WhenAll(answers)).Select(LoopbackShapeTests.Content).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Client_LeavesWhileHeld_IsSignalled()
    {
        var gate = new LoopbackGate();
        await using var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { Gate = gate });
        using var leave = new CancellationTokenSource();
        var response = await rig.PostAsync(LoopbackRig.Body("hi", stream: true), leave.Token);
        var request = await gate.ArrivalAsync();

        response.Dispose();

        await request.ClientGone.WaitAsync(Patience);
        await request.Finished.WaitAsync(Patience);
        rig.Upstream.ClientsGone.ShouldBe(1);
    }

    [Fact]
    public async Task Upstream_StoppedWhileItHoldsAnAnswer_StopsAtOnce()
    {
        var rig = await LoopbackRig.StartAsync(_ => new LoopbackScript { Gate = new LoopbackGate() });
        using var response = await rig.PostAsync(LoopbackRig.Body("hi", stream: true));

        await rig.Upstream.DisposeAsync().AsTask().WaitAsync(Patience);

        await Should.ThrowAsync<HttpRequestException>(response.Content.ReadAsStringAsync);
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task Start_PortTaken_SaysSo()
    {
        await using var rig = await LoopbackRig.StartAsync();

        await Should.ThrowAsync<IOException>(LoopbackUpstream.StartAsync(
            new LoopbackOptions { Port = new Uri(rig.Upstream.BaseUrl).Port }, TimeProvider.System));
    }
}

using System.IO.Pipelines;
using System.Net;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Runner.Loopback;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests;

/// <summary>The record says who ended an answer that did not become whole: the caller, or the time that it may take.</summary>
public sealed class CallerLeftTests
{
    /// <summary>The server knows that nobody reads any more a moment before it says that the request is aborted: R7.</summary>
    [Fact]
    public async Task Caller_FoundGoneByAFlush_IsRecordedAsGone()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(_ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" });
        var services = gateway.Host.Services;
        var exchange = new DeafExchange(services.GetRequiredService<IdSource>().Next(), gateway.Host.ApiKey!);

        await services.GetRequiredService<InferencePipeline>().RunAsync(exchange);

        exchange.IsBroken.ShouldBeTrue();
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("status").GetInt32().ShouldBe(499);
        record.GetProperty("error_code").GetString().ShouldBe("caller_gone");
        gate.Open();
    }

    [Fact]
    public async Task Answer_LongerThanItMayTake_IsRecordedAsTheUpstreamsTimeout()
    {
        var gate = new LoopbackGate();
        await using var gateway = await TestGateway.StartAsync(
            _ => new LoopbackScript { Gate = gate, HoldAfter = 1, Text = "one two three" },
            new Dictionary<string, string?> { ["Freeway:Upstream:Total"] = "00:00:30" });
        using var response = await gateway.ChatAsync("demo/echo:free", stream: true);
        await gate.ArrivalAsync();

        gateway.Clock.MoveOn(TimeSpan.FromSeconds(31));
        await Should.ThrowAsync<HttpRequestException>(response.Content.ReadAsStringAsync());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = (await gateway.ActivityAsync(1)).ShouldHaveSingleItem();
        record.GetProperty("status").GetInt32().ShouldBe(200);
        record.GetProperty("error_code").GetString().ShouldBe("upstream_timeout");
        gate.Open();
    }

    /// <summary>A caller whose connection takes nothing any more, although nobody has said yet that it is gone.</summary>
    private sealed class DeafExchange : IExchange
    {
        private readonly Pipe _pipe = new();

        public DeafExchange(string id, string secret)
        {
            (RequestId, Secret) = (id, secret);
            _pipe.Reader.Complete();
        }

        public string RequestId { get; }

        public string? CallerRequestId => null;

        public Surface Surface => Surface.ChatCompletions;

        public string Secret { get; }

        public string? App => null;

        public CancellationToken CallerGone => CancellationToken.None;

        public bool HasBegun { get; private set; }

        public bool IsBroken { get; private set; }

        public PipeWriter Body => _pipe.Writer;

        public Result<RequestOptions> ReadOptions() => new RequestOptions(null, null, false);

        public Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync() => Task.FromResult<Result<ReadOnlyMemory<byte>>>(new ReadOnlyMemory<byte>(
            """{"model":"demo/echo:free","stream":true,"messages":[{"role":"user","content":"hello"}]}"""u8.ToArray()));

        public Task<Result<UploadedForm>> ReadFormAsync() => throw new NotSupportedException();

        public void Begin(AnswerHead head) => HasBegun = true;

        public Task CompleteAsync() => Task.CompletedTask;

        public void Break() => IsBroken = true;

        public Task RefuseAsync(Refusal refusal) => throw new NotSupportedException(refusal.Message);

        public Task ReplayAsync(RequestOutcome outcome) => throw new NotSupportedException();

        public Task ReplayAsync(Refusal refusal) => throw new NotSupportedException();

        public ReadOnlyMemory<byte> Write(UsageReport report) => default;
    }
}

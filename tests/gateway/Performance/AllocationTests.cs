using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Options;

namespace Freeway.Gateway.Tests.Performance;

/// <summary>
/// Ceilings on the bytes that pieces of the hot path allocate: unlike times they are the same on a busy machine. Whoever
/// passes one has made each request dearer, and either mends that or raises the ceiling and says why.
/// </summary>
public sealed class AllocationTests
{
    private const int Rounds = 100;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"demo/echo:free","stream":true,"messages":[{"role":"user","content":"Hello there, how are you?"}]}""");

    private static readonly byte[] LongBody = Encoding.UTF8.GetBytes(
        $$"""{"model":"demo/echo:free","messages":[{"role":"user","content":"{{new string('x', 200_000)}}"}]}""");

    private static readonly byte[] Event = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"echo","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}"""
        + "\n\n");

    private static readonly byte[] UsageObject = Encoding.UTF8.GetBytes(
        """{"prompt_tokens":13,"completion_tokens":20,"total_tokens":33,"prompt_tokens_details":{"cached_tokens":4}}""");

    [Fact]
    public void Parse_ShortRequest_StaysBelowItsCeiling() =>
        BytesOf(() => JsonBody.Parse(Body, Surface.ChatCompletions)).ShouldBeLessThan(2_500);

    [Fact]
    public void Parse_LongPrompt_CostsNoMoreThanAShortOne() =>
        BytesOf(() => JsonBody.Parse(LongBody, Surface.ChatCompletions)).ShouldBeLessThan(2_500);

    [Fact]
    public void Relay_AnotherEvent_AllocatesNextToNothing()
    {
        var (few, many) = (Stream(events: 100), Stream(events: 1_100));

        ((BytesOf(() => Relay(many)) - BytesOf(() => Relay(few))) / 1_000).ShouldBeLessThan(150);
    }

    [Fact]
    public void Read_Usage_StaysBelowItsCeiling() => BytesOf(ReadUsage).ShouldBeLessThan(150);

    [Fact]
    public void Decide_OverTwoLimits_StaysBelowItsCeiling()
    {
        var now = new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);
        IReadOnlyList<Claim> claims = [new(RaceScenario.DailyLimit(10), 1), new(RaceScenario.MinuteLimit(10), 1)];
        var rows = claims.ToDictionary(claim => claim.Quota, claim => QuotaRow.Absent(claim.Quota));

        BytesOf(() => Allocation.Of(claims, key => rows[key], now)).ShouldBeLessThan(2_000);
    }

    [Fact]
    public void Write_Record_StaysBelowItsCeiling()
    {
        var record = ActivitySamples.Full() with { UpstreamRateLimit = null };

        BytesOf(() => ActivityJson.Write(record)).ShouldBeLessThan(1_300);
    }

    [Fact]
    public void Read_Record_StaysBelowItsCeiling()
    {
        var json = ActivityJson.Write(ActivitySamples.Full() with { UpstreamRateLimit = null });

        BytesOf(() => ActivityJson.Read(json)).ShouldBeLessThan(2_000);
    }

    private static byte[] Stream(int events) =>
        [.. Enumerable.Repeat(Event, events).SelectMany(bytes => bytes), .. "data: [DONE]\n\n"u8];

    /// <summary>Relays a stream that is there whole: nothing waits, so that all of it happens on this thread.</summary>
    private static void Relay(byte[] stream)
    {
        var relay = new StreamRelay(Options.Create(new RelayOptions()), TimeProvider.System);
        var caller = PipeWriter.Create(System.IO.Stream.Null);
        var relaying = relay.RelayAsync(new MemoryStream(stream), caller, StreamShape.ChatChunks, hideUsage: false, CancellationToken.None);
        relaying.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static TokenUsage ReadUsage()
    {
        var json = new Utf8JsonReader(UsageObject);
        var usage = new UsageReader();
        json.Read();
        while (json.Read() && json.CurrentDepth > 0)
        {
            usage.Take(ref json, json.CurrentDepth);
        }

        return usage.Usage;
    }

    /// <summary>The bytes that this thread allocates for one call, once everything is made that is made once.</summary>
    private static long BytesOf(Action act)
    {
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            act();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    private static long BytesOf<T>(Func<T> act) => BytesOf(() => { _ = act(); });
}

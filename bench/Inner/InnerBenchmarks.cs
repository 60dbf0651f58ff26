using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Inference.Metering;
using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Freeway.Bench.Inner;

/// <summary>
/// The inner pieces of the hot path, each by itself, and the bytes that it may allocate. Unlike times, bytes are the same
/// on a busy machine: a test of <c>tests/gateway</c> holds each piece to its ceiling. Whoever passes one has made each
/// request dearer, and either mends that or raises the ceiling and says why.
/// </summary>
public class InnerBenchmarks
{
    private const int Events = 1_000;

    private readonly byte[] _shortRequest = Encoding.UTF8.GetBytes(
        """{"model":"demo/echo:free","stream":true,"messages":[{"role":"user","content":"Hello there, how are you?"}]}""");

    private readonly byte[] _longRequest = Encoding.UTF8.GetBytes(
        $$"""{"model":"demo/echo:free","messages":[{"role":"user","content":"{{new string('x', 200_000)}}"}]}""");

    private readonly byte[] _usage = Encoding.UTF8.GetBytes(
        """{"prompt_tokens":13,"completion_tokens":20,"total_tokens":33,"prompt_tokens_details":{"cached_tokens":4}}""");

    private readonly byte[] _stream = MakeStream();

    private readonly DateTimeOffset _now = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);
    private readonly IReadOnlyList<Claim> _claims =
    [
        new(new BoundLimit("free.daily", "*", new Limit("daily", LimitUnit.Requests, 10, LimitWindow.Day, LimitScope.Org)), 1),
        new(new BoundLimit("free.minute", "*", new Limit("minute", LimitUnit.Requests, 10, LimitWindow.Minute, LimitScope.Org)), 1),
    ];

    private readonly Dictionary<QuotaKey, QuotaRow> _rows;

    private readonly ActivityRecord _record = ActivitySamples.Full() with { UpstreamRateLimit = null };
    private readonly byte[] _recordJson;
    private readonly StreamRelay _relay = new(Options.Create(new RelayOptions()), TimeProvider.System);

    public InnerBenchmarks()
    {
        _rows = _claims.ToDictionary(claim => claim.Quota, claim => QuotaRow.Absent(claim.Quota));
        _recordJson = ActivityJson.Write(_record);
    }

    [Benchmark(Description = "Request scan, short")]
    [AllocationCeiling(800)]
    public object ScanShortRequest() => JsonBody.Parse(_shortRequest, Surface.ChatCompletions);

    /// <summary>A prompt of 200 kB costs no more than a short one.</summary>
    [Benchmark(Description = "Request scan, 200 kB")]
    [AllocationCeiling(800)]
    public object ScanLongRequest() => JsonBody.Parse(_longRequest, Surface.ChatCompletions);

    /// <summary>
    /// Relays a stream that is there whole, so that nothing waits and all of it happens on this thread. The figures are
    /// those of one of its events.
    /// </summary>
    [Benchmark(Description = "Event reader and relay, an event", OperationsPerInvoke = Events)]
    [AllocationCeiling(50)]
    public RelayResult RelayEvents()
    {
        var caller = PipeWriter.Create(Stream.Null);
        var relaying = _relay.RelayAsync(
            new MemoryStream(_stream), caller, StreamShape.ChatChunks, hideUsage: false, CancellationToken.None);
        return relaying.IsCompletedSuccessfully
            ? relaying.GetAwaiter().GetResult()
            : throw new InvalidOperationException("The relay waits, so that its cost is spread over threads.");
    }

    [Benchmark(Description = "Usage reading")]
    [AllocationCeiling(130)]
    public TokenUsage ReadUsage()
    {
        var json = new Utf8JsonReader(_usage);
        var usage = new UsageReader();
        json.Read();
        while (json.Read() && json.CurrentDepth > 0)
        {
            usage.Take(ref json, json.CurrentDepth);
        }

        return usage.Usage;
    }

    [Benchmark(Description = "Ledger decision, two limits")]
    [AllocationCeiling(1_500)]
    public Allocation Decide() => Allocation.Of(_claims, claim => _rows[claim], _now);

    [Benchmark(Description = "Writing a record")]
    [AllocationCeiling(1_300)]
    public byte[] WriteRecord() => ActivityJson.Write(_record);

    [Benchmark(Description = "Reading a record")]
    [AllocationCeiling(2_000)]
    public ActivityRecord ReadRecord() => ActivityJson.Read(_recordJson);

    private static byte[] MakeStream()
    {
        var one = Encoding.UTF8.GetBytes(
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"echo","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}"""
            + "\n\n");
        return [.. Enumerable.Repeat(one, Events).SelectMany(bytes => bytes), .. "data: [DONE]\n\n"u8];
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Tests.Simulation.Checks;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.Ports;

/// <summary>Upstreams that answer after a while, or fail in one of many ways at any byte.</summary>
public sealed class SimUpstreams(Scheduler scheduler, Network network, UpstreamCalls calls, SimProcess process) : IUpstreamClient
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    public async Task<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellation)
    {
        var fails = scheduler.Happens(network.Faults.UpstreamFails);
        var fault = fails ? scheduler.Chance.Next(9) : -1;
        var body = new MemoryStream();
        await call.Body.WriteAsync(body, cancellation);
        var connection = calls.Begin(call.Upstream.Name, process);
        try
        {
            await DelayAsync(scheduler.Between(5, fault is 8 ? 30_000 : 800), cancellation);
            scheduler.Note(process.Name, $"upstream {call.Upstream.Name} fault {fault}");
            if (fault is not 0)
            {
                calls.Arrived(call.Upstream.Name);
            }

            return Answer(fault, body.ToArray()) with { Connection = connection, RateLimits = Limits(call.Upstream.Name) };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private UpstreamReply Answer(int fault, byte[] body) => fault switch
    {
        0 => throw new UpstreamUnreachableException("no connection"),
        1 => Reply(500, "application/json", Pieces("""{"error":{"message":"broken"}}""")),
        2 => Reply(429, "application/json", Pieces("""{"error":{"message":"slow down"}}""")) with { RetryAfter = TimeSpan.FromSeconds(scheduler.Chance.Next(1, 30)) },
        3 => Reply(400, "application/json", Pieces("""{"error":{"message":"not so"}}""")),
        _ => Answer(body, fault),
    };

    /// <summary>A whole answer, or one that breaks (4), stalls (5), lacks its usage (6) or uses more than was asked for (7).</summary>
    private UpstreamReply Answer(byte[] body, int fault)
    {
        using var request = JsonDocument.Parse(body);
        var streams = request.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind is JsonValueKind.True;
        var most = request.RootElement.TryGetProperty("max_tokens", out var ceiling) ? ceiling.GetInt32() : 20;
        var (prompt, completion) = (1 + scheduler.Chance.Next(10), scheduler.Chance.Next(fault is 7 ? most * 2 : most + 1));
        var usage = string.Create(CultureInfo.InvariantCulture, $$"""{"prompt_tokens":{{prompt}},"completion_tokens":{{completion}},"total_tokens":{{prompt + completion}}}""");
        var pieces = streams
            ? Stream(usage, fault is not 6, fault is 4)
            : Pieces($$"""{"id":"c","object":"chat.completion","model":"x","choices":[{"index":0,"message":{"role":"assistant","content":"hello there"},"finish_reason":"stop"}]{{(fault is 6 ? "" : $",\"usage\":{usage}")}}}""");
        if (fault is 4 or 5)
        {
            // It ends at any byte: here in the middle of any piece.
            pieces = [.. pieces.Take(scheduler.Chance.Next(pieces.Count + 1))];
            if (pieces.Count > 0 && pieces[^1].Length > 1)
            {
                pieces[^1] = pieces[^1][..scheduler.Chance.Next(1, pieces[^1].Length)];
            }
        }

        return Reply(200, streams ? "text/event-stream" : "application/json", pieces, fault is 4, fault is 5);
    }

    private List<byte[]> Stream(string usage, bool hasUsage, bool _)
    {
        var events = new List<byte[]>();
        for (var i = scheduler.Chance.Next(4); i >= 0; i--)
        {
            events.Add(Event("""{"id":"c","object":"chat.completion.chunk","model":"x","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}"""));
        }

        events.Add(Event("""{"id":"c","object":"chat.completion.chunk","model":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""));
        if (hasUsage)
        {
            events.Add(Event($$"""{"id":"c","object":"chat.completion.chunk","model":"x","choices":[],"usage":{{usage}}}"""));
        }

        events.Add(Event("[DONE]"));
        return events;
    }

    /// <summary>One of them says now and then what is left, and may know of less than we count.</summary>
    private IReadOnlyList<RateLimitReading> Limits(string upstream) => upstream is "east" && scheduler.Happens(0.2)
        ? [new RateLimitReading(LimitUnit.Requests, LimitWindow.Minute, 40, scheduler.Chance.Next(5, 41), null)]
        : [];

    private static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");

    private static List<byte[]> Pieces(string text) => [Encoding.UTF8.GetBytes(text)];

    private UpstreamReply Reply(int status, string type, List<byte[]> pieces, bool breaks = false, bool stalls = false)
    {
        var body = new SimBodyStream(scheduler, process, pieces, breaks, stalls);
        return new UpstreamReply(status, type, null, NoHeaders, body, body);
    }

    private Task DelayAsync(TimeSpan time, CancellationToken cancellation)
    {
        var over = new TaskCompletionSource();
        scheduler.After(time, process, () => over.TrySetResult());
        return over.Task.WaitAsync(cancellation);
    }
}

/// <summary>An answer's body, piece by piece over time.</summary>
public sealed class SimBodyStream(Scheduler scheduler, SimProcess process, List<byte[]> pieces, bool breaks, bool stalls) : Stream
{
    private ReadOnlyMemory<byte> _here;
    private int _next;
    private bool _over;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_here.IsEmpty && !_over)
        {
            var come = new TaskCompletionSource();
            if (!(stalls && _next == pieces.Count))
            {
                scheduler.After(scheduler.Between(0.5, 400), process, () => come.TrySetResult());
            }

            // The framework awaits this without a context: the cancellation, too, must come as an event.
            using var left = cancellationToken.Register(
                () => scheduler.After(TimeSpan.Zero, process, () => come.TrySetCanceled(cancellationToken)));
            await come.Task.ConfigureAwait(false);
            if (_next == pieces.Count)
            {
                _over = !breaks;
                return breaks ? throw new IOException("The upstream broke off.") : 0;
            }

            _here = pieces[_next++];
        }

        var read = Math.Min(buffer.Length, _here.Length);
        _here[..read].CopyTo(buffer);
        _here = _here[read..];
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Calls every upstream, whatever it did before.</summary>
public sealed class ClosedBreakers : IUpstreamBreakers
{
    public Task<T> RunAsync<T>(string key, Func<Task<T>> call, Func<T, bool> failed) => call();

    public BreakerState StateOf(string key, out DateTimeOffset? until)
    {
        until = null;
        return BreakerState.Closed;
    }
}

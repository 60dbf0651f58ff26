using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Freeway.EmbeddedTables;

namespace Freeway.Tests.Shared;

/// <summary>
/// A transport of the Azure SDK that goes wrong on purpose, by a seeded chance: the same seed and the same order of requests
/// give the same faults.
/// </summary>
/// <param name="applies">Which requests can be hit; null for all.</param>
public sealed class FaultyTransport(int seed, FaultRates rates, Func<Request, bool>? applies = null) : HttpPipelineTransport, IDisposable
{
    private readonly HttpClientTransport _inner = new();
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<LateRequest> _late = [];
    private readonly List<Task> _landing = [];

    /// <summary>What goes wrong from now on.</summary>
    public FaultRates Rates { get; set; } = rates;

    /// <summary>While true nothing reaches the service: every request fails like a refused connection.</summary>
    public bool Down { get; set; }

    /// <summary>While true the service takes requests and never answers: each ends when its sender gives up.</summary>
    public bool Hung { get; set; }

    /// <summary>Called before a request goes through or wrong; may throw a fault of its own.</summary>
    public Action<Request>? Seen { get; set; }

    /// <summary>Awaited before a request is sent, so that a test can hold it back.</summary>
    public Func<Request, Task>? BeforeSending { get; set; }

    /// <summary>How many requests were hit.</summary>
    public int Faults { get; private set; }

    public override Request CreateRequest() => _inner.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Only asynchronous requests are expected.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        Seen?.Invoke(message.Request);
        LandDue();
        if (Down)
        {
            var refused = new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
            throw new RequestFailedException(refused.Message, refused);
        }

        if (Hung)
        {
            await Silence.KeepAsync(message.CancellationToken);
        }

        await (BeforeSending?.Invoke(message.Request) ?? Task.CompletedTask);
        switch (Draw(message.Request))
        {
            case Fate.Fine:
                await PassOnAsync(message);
                return;
            case Fate.Busy:
                message.Response = new BusyResponse(message.Request.ClientRequestId);
                return;
            case Fate.NeverSent:
                throw Failure();
            case Fate.Late:
                await HoldAsync(message.Request);
                throw Failure();
            default:
                await PassOnAsync(message);
                message.Response.Dispose();
                throw Failure();
        }
    }

    /// <summary>Lets everything that is still late land, and waits until it has.</summary>
    public async Task SettleAsync()
    {
        Task[] landing;
        lock (_lock)
        {
            _late.ForEach(late => _landing.Add(SendLateAsync(late)));
            _late.Clear();
            landing = [.. _landing];
            _landing.Clear();
        }

        await Task.WhenAll(landing);
    }

    public void Dispose() => _inner.Dispose();

    /// <summary>To the service, or to the embedded tables where the request is one of theirs.</summary>
    private ValueTask PassOnAsync(HttpMessage message) =>
        message.Request.Content is TableCall call ? call.ProcessAsync(message) : _inner.ProcessAsync(message);

    private Fate Draw(Request request)
    {
        if (applies?.Invoke(request) is false)
        {
            return Fate.Fine;
        }

        lock (_lock)
        {
            var (at, rates) = (_random.NextDouble(), Rates);
            var fate =
                (at -= rates.LoseAnswer) < 0 ? Fate.AnswerLost
                : (at -= rates.NeverSend) < 0 ? Fate.NeverSent
                : (at -= rates.LandLate) < 0 ? Fate.Late
                : at - rates.Busy < 0 ? Fate.Busy
                : Fate.Fine;
            Faults += fate is Fate.Fine ? 0 : 1;
            return fate;
        }
    }

    private Exception Failure()
    {
        lock (_lock)
        {
            return _random.Next(3) switch
            {
                0 => new TaskCanceledException("The operation was cancelled because it exceeded the time-out."),
                1 => new IOException("The connection was reset."),
                _ => new RequestFailedException("The connection broke.", new IOException("The connection was reset.")),
            };
        }
    }

    private async Task HoldAsync(Request request)
    {
        var content = new MemoryStream();
        if (request.Content is { } body and not TableCall)
        {
            await body.WriteToAsync(content, CancellationToken.None);
        }

        var copy = _inner.CreateRequest();
        copy.Method = request.Method;
        copy.Uri.Reset(request.Uri.ToUri());
        copy.ClientRequestId = request.ClientRequestId;
        copy.Content = request.Content is null or TableCall ? request.Content : RequestContent.Create(content.ToArray());
        foreach (var header in request.Headers)
        {
            copy.Headers.SetValue(header.Name, header.Value);
        }

        lock (_lock)
        {
            _late.Add(new LateRequest(copy, _random.Next(1, 5)));
        }
    }

    private void LandDue()
    {
        lock (_lock)
        {
            foreach (var late in _late)
            {
                late.RequestsToWait--;
                if (late.RequestsToWait <= 0)
                {
                    _landing.Add(SendLateAsync(late));
                }
            }

            _late.RemoveAll(late => late.RequestsToWait <= 0);
        }
    }

    private async Task SendLateAsync(LateRequest late)
    {
        await Task.Yield();
        using var message = new HttpMessage(late.Request, new ResponseClassifier());
        await PassOnAsync(message);
    }

    private enum Fate
    {
        Fine,
        AnswerLost,
        NeverSent,
        Late,
        Busy,
    }

    private sealed class LateRequest(Request request, int requestsToWait)
    {
        public Request Request { get; } = request;

        public int RequestsToWait { get; set; } = requestsToWait;
    }
}

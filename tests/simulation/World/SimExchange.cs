using System.IO.Pipelines;
using System.Text.Json;
using Freeway.Gateway.Core;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Tests.Simulation.Scheduling;

namespace Freeway.Tests.Simulation.World;

/// <summary>One request of a simulated caller and what became of it, as the caller can tell.</summary>
public sealed class SimExchange(
    Scheduler scheduler, SimProcess process, string id, string secret, byte[] body, string? idempotencyKey, bool reads) : IExchange
{
    private readonly CancellationTokenSource _gone = new();
    private SimPipe? _pipe;

    public string RequestId => id;

    public string? CallerRequestId => null;

    public Surface Surface => Surface.ChatCompletions;

    public string Secret => secret;

    public string? App => null;

    public CancellationToken CallerGone => _gone.Token;

    public bool HasBegun => _pipe is { HasSent: true };

    public PipeWriter Body => _pipe ??= new SimPipe(scheduler, process, reads, _gone.Token);

    /// <summary>Gets whether the request names a list of models.</summary>
    public bool NamesSeveral { get; } = body.AsSpan().IndexOf("\"models\""u8) >= 0;

    /// <summary>Gets the end user whom the request names; null where it names none.</summary>
    public string? EndUser { get; } = JsonDocument.Parse(body).RootElement.TryGetProperty("user", out var user) ? user.GetString() : null;

    /// <summary>What the caller was refused with; null where it was not.</summary>
    public Refusal? Refusal { get; private set; }

    public bool IsComplete { get; private set; }

    public bool IsBroken { get; private set; }

    public bool IsReplay { get; private set; }

    /// <summary>What was taken of each limit as the answer's head told it.</summary>
    public AnswerHead? Head { get; private set; }

    public void Leave() => _gone.Cancel();

    public Result<RequestOptions> ReadOptions() => new RequestOptions(null, idempotencyKey, scheduler.Happens(0.1));

    public Task<Result<ReadOnlyMemory<byte>>> ReadBodyAsync() => Task.FromResult<Result<ReadOnlyMemory<byte>>>(new ReadOnlyMemory<byte>(body));

    public Task<Result<UploadedForm>> ReadFormAsync() => throw new NotSupportedException();

    public void Begin(AnswerHead head) => Head = head;

    public Task CompleteAsync()
    {
        IsComplete = true;
        return Task.CompletedTask;
    }

    public void Break() => IsBroken = true;

    public Task RefuseAsync(Refusal refusal)
    {
        if (Refusal is not null || IsComplete || IsReplay)
        {
            throw new InvalidOperationException($"It was answered and is refused now: {refusal.Code}");
        }

        Refusal = refusal;
        return Task.CompletedTask;
    }

    public Task ReplayAsync(RequestOutcome outcome)
    {
        IsReplay = true;
        return Task.CompletedTask;
    }

    public Task ReplayAsync(Refusal refusal)
    {
        IsReplay = true;
        return Task.CompletedTask;
    }

    public ReadOnlyMemory<byte> Write(UsageReport report) => "{}"u8.ToArray();

    /// <summary>A caller's connection: it takes what is written after a while, or never.</summary>
    private sealed class SimPipe(Scheduler scheduler, SimProcess process, bool reads, CancellationToken gone) : PipeWriter
    {
        private byte[] _buffer = new byte[4096];

        public bool HasSent { get; private set; }

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => Buffer(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => Buffer(sizeHint);

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            HasSent = true;
            if (reads && !scheduler.Happens(0.2))
            {
                return new(new FlushResult(cancellationToken.IsCancellationRequested, false));
            }

            // A connection that breaks ends the flush, too.
            var taken = new TaskCompletionSource<FlushResult>();
            gone.Register(() => scheduler.After(TimeSpan.Zero, process, () => taken.TrySetResult(new FlushResult(false, true))));
            if (reads)
            {
                scheduler.After(scheduler.Between(1, 500), process, () => taken.TrySetResult(default));
            }

            return new(taken.Task.WaitAsync(cancellationToken));
        }

        private byte[] Buffer(int sizeHint) => sizeHint > _buffer.Length ? _buffer = new byte[sizeHint] : _buffer;
    }
}

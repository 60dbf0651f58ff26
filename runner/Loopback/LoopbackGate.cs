using System.Threading.Channels;

namespace Freeway.Runner.Loopback;

/// <summary>Holds answers until it is opened, for all of them and for good.</summary>
public sealed class LoopbackGate
{
    private readonly Channel<LoopbackRequest> _arrivals = Channel.CreateUnbounded<LoopbackRequest>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    /// <summary>The next request whose answer has come to the gate.</summary>
    public ValueTask<LoopbackRequest> ArrivalAsync(CancellationToken cancellation = default) => _arrivals.Reader.ReadAsync(cancellation);

    internal Task PassAsync(LoopbackRequest request, CancellationToken cancellation)
    {
        _arrivals.Writer.TryWrite(request);
        return _open.Task.WaitAsync(cancellation);
    }
}

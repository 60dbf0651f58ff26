using System.Threading.Channels;
using Azure.Messaging.ServiceBus;

namespace Freeway.Runner.Tests.Hosting.Samples;

/// <summary>What sample functions write down, and a gate at which they may be held.</summary>
public sealed class Notebook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Throws in the next function that asks.</summary>
    public int FailuresToCome { get; set; }

    /// <summary>The message that a function was given last; the host renews the lock on this very object.</summary>
    public ServiceBusReceivedMessage? Message { get; set; }

    public void Write(string line) => _lines.Writer.TryWrite(line);

    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _lines.Reader.ReadAsync(patience.Token);
    }

    public bool IsEmpty => _lines.Reader.Count == 0;

    public Task HeldAsync() => _gate.Task;

    public void Release() => _gate.TrySetResult();

    public void FailIfAsked()
    {
        if (FailuresToCome > 0)
        {
            FailuresToCome--;
            throw new InvalidOperationException("a failure that the test asked for");
        }
    }
}

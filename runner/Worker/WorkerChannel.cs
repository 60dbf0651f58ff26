using System.Collections.Concurrent;
using System.Threading.Channels;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Worker.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using RpcException = Grpc.Core.RpcException;

namespace Freeway.Runner.Worker;

/// <summary>
/// The conversation with one process of the worker: one gRPC stream, on which each message that asks has an answer with
/// the same request id, and the worker's log lines come between.
/// </summary>
internal sealed class WorkerChannel(HostFile file, ILoggerFactory loggers)
{
    private readonly Channel<StreamingMessage> _outbound =
        Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _answers = [];
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the worker has connected.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Completes when the stream has ended, whoever ended it.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Sends a message that has no answer; one that comes too late is dropped.</summary>
    public void Send(StreamingMessage message) => _outbound.Writer.TryWrite(message);

    /// <summary>Sends a message and gives back its answer.</summary>
    /// <exception cref="WorkerLostException">The worker is gone, before or meanwhile.</exception>
    public async Task<StreamingMessage> AskAsync(StreamingMessage message)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[message.RequestId] = answer;
        try
        {
            // A stream that ends after this look finds the answer among those that it must fail.
            if (_lost.Task.IsCompleted || !_outbound.Writer.TryWrite(message))
            {
                throw new WorkerLostException();
            }

            return await answer.Task;
        }
        finally
        {
            _answers.TryRemove(message.RequestId, out _);
        }
    }

    /// <summary>Carries the messages both ways until the stream ends.</summary>
    public async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> inbound, IServerStreamWriter<StreamingMessage> outbound,
        CancellationToken ended)
    {
        _connected.TrySetResult();
        var writing = WriteAsync(outbound, ended);
        try
        {
            await foreach (var message in inbound.ReadAllAsync(ended))
            {
                Take(message);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or RpcException)
        {
            // The process is gone; that is told to whoever waits for an answer.
        }
        finally
        {
            _lost.TrySetResult();
            _outbound.Writer.TryComplete();
            foreach (var answer in _answers.Values)
            {
                answer.TrySetException(new WorkerLostException());
            }
        }

        await writing;
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outbound, CancellationToken ended)
    {
        try
        {
            await foreach (var message in _outbound.Reader.ReadAllAsync(ended))
            {
                await outbound.WriteAsync(message, ended);
            }
        }
        catch (Exception e) when (
            e is IOException or OperationCanceledException or InvalidOperationException or RpcException)
        {
            // The reader of the stream sees its end too.
        }
    }

    private void Take(StreamingMessage message)
    {
        if (message.RpcLog is { } line)
        {
            WorkerLog.Said(loggers, file, line);
        }
        else if (_answers.TryGetValue(message.RequestId, out var answer))
        {
            answer.TrySetResult(message);
        }
    }
}

/// <summary>The worker's process ended, or its stream did, before it had answered.</summary>
internal sealed class WorkerLostException() : Exception("The worker is gone.");

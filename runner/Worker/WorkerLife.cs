using System.Globalization;
using System.Net.Sockets;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Local;
using Freeway.Runner.Worker.Protocol;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace Freeway.Runner.Worker;

/// <summary>
/// One process of the worker from its start to its end: it says which functions it has, loads them, and is then asked
/// to run them.
/// </summary>
internal sealed class WorkerLife : ISupervisedProcess
{
    /// <summary>A start on a busy machine takes some seconds; more than this is a worker that hangs.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(20);

    private readonly WorkerProcess _process;
    private readonly WorkerChannel _channel;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _asked;

    private WorkerLife(WorkerProcess process, WorkerChannel channel, ILogger logger)
    {
        (_process, _channel, _logger) = (process, channel, logger);
        Ended = process.ExitAsync();
        Over = Task.WhenAny(Ended, channel.Lost, _killed.Task);
    }

    public int ProcessId => _process.Id;

    /// <inheritdoc/>
    public string Said => _process.Said;

    /// <inheritdoc/>
    public Task<int> Ended { get; }

    /// <inheritdoc/>
    public Task Over { get; }

    /// <inheritdoc/>
    public Task Replaced => _replaced.Task;

    /// <summary>Gets the address at which the worker's own web server takes requests.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>The worker's functions, by name.</summary>
    public IReadOnlyDictionary<string, RpcFunctionMetadata> Functions { get; private set; } = null!;

    /// <summary>Starts a process and gets it ready to run functions.</summary>
    /// <exception cref="LocalSetupException">
    /// It ended, or was not ready in time; the message has its output.
    /// </exception>
    public static async Task<WorkerLife> BeginAsync(
        WorkerProgram program, RpcServer server, IReadOnlyDictionary<string, string> settings, HostFile file,
        ILoggerFactory loggers, CancellationToken cancellation)
    {
        var channel = new WorkerChannel(file, loggers);
        var id = server.Expect(channel);
        var life = new WorkerLife(Launch(program, server, id, settings), channel, loggers.CreateLogger("Worker"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        try
        {
            var ready = life.GetReadyAsync(program, limit.Token);
            if (await Task.WhenAny(ready, life.Ended) != ready)
            {
                throw new LocalSetupException($"The worker ended with {await life.Ended}: {life.Said}");
            }

            await ready;
            WorkerLog.Runs(life._logger, life.ProcessId);
            return life;
        }
        catch (Exception e)
        {
            await life.DisposeAsync();
            throw e is OperationCanceledException && !cancellation.IsCancellationRequested
                ? new LocalSetupException($"The worker did not get ready within {StartLimit}: {life.Said}", e)
                : e;
        }
        finally
        {
            server.Forget(id);
        }
    }

    /// <summary>Runs a function and ends when it has.</summary>
    /// <param name="limit">The longest that it may take, after which the process is ended; null for no limit.</param>
    /// <param name="cancellation">Tells the function to give up; this still ends only when it has.</param>
    /// <exception cref="InvocationFailedException">The function failed.</exception>
    /// <exception cref="WorkerLostException">The process is gone, before or meanwhile.</exception>
    public async Task InvokeAsync(
        string function, InvocationRequest request, TimeSpan? limit, CancellationToken cancellation)
    {
        request.FunctionId = Functions[function].FunctionId;
        var id = request.InvocationId;
        await using var told = cancellation.Register(() => _channel.Send(new StreamingMessage
        {
            InvocationCancel = new InvocationCancel { InvocationId = id },
        }));
        var asking = _channel.AskAsync(new StreamingMessage { RequestId = id, InvocationRequest = request });
        var result = (await InTimeAsync(asking, function, id, limit)).InvocationResponse.Result;
        if (result.Status is not StatusResult.Types.Status.Success)
        {
            throw new InvocationFailedException(result.Exception?.Message ?? result.Status.ToString());
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(TimeSpan grace)
    {
        _channel.Send(new StreamingMessage
        {
            WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) },
        });
        await Ended.WaitAsync(grace, TimeProvider.System)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public void Replace() => _replaced.TrySetResult();

    /// <inheritdoc/>
    public void Kill()
    {
        _killed.TrySetResult();
        _process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Ended;
        _process.Dispose();
    }

    private static WorkerProcess Launch(
        WorkerProgram program, RpcServer server, string id, IReadOnlyDictionary<string, string> settings)
    {
        var port = server.Url.Port.ToString(CultureInfo.InvariantCulture);
        var most = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        // The first five are for workers of old, the others for those of now.
        string[] arguments =
        [
            "--host", server.Url.Host, "--port", port, "--workerId", id, "--requestId", id,
            "--grpcMaxMessageLength", most,
            "--functions-uri", server.Url.ToString(), "--functions-worker-id", id, "--functions-request-id", id,
            "--functions-grpc-max-message-length", most,
        ];
        var environment = new Dictionary<string, string>(settings)
        {
            ["FUNCTIONS_APPLICATION_DIRECTORY"] = program.Folder,
            ["FUNCTIONS_WORKER_DIRECTORY"] = program.Folder,
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
        };
        return WorkerProcess.Start(program, arguments, environment);
    }

    private async Task GetReadyAsync(WorkerProgram program, CancellationToken cancellation)
    {
        await _channel.Connected.WaitAsync(cancellation);
        var begun = await AskAsync(
            new StreamingMessage
            {
                WorkerInitRequest = new WorkerInitRequest
                {
                    HostVersion = "4.0",
                    WorkerDirectory = program.Folder,
                    FunctionAppDirectory = program.Folder,
                },
            },
            cancellation);
        Check(begun.WorkerInitResponse.Result, "The worker does not begin");
        if (!begun.WorkerInitResponse.Capabilities.TryGetValue("HttpUri", out var http))
        {
            throw new LocalSetupException("The worker takes no requests itself: its program must call "
                + "ConfigureFunctionsWebApplication.");
        }

        Http = new Uri(http);
        var declared = await AskAsync(
            new StreamingMessage { FunctionsMetadataRequest = new() { FunctionAppDirectory = program.Folder } },
            cancellation);
        Check(declared.FunctionMetadataResponse.Result, "The worker does not know its functions");
        Functions = declared.FunctionMetadataResponse.FunctionMetadataResults.ToDictionary(function => function.Name);
        await Task.WhenAll(Functions.Values.Select(function => LoadAsync(function, cancellation)));
        await ProbeAsync(cancellation);
    }

    private async Task LoadAsync(RpcFunctionMetadata function, CancellationToken cancellation)
    {
        var loaded = await AskAsync(
            new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            },
            cancellation);
        Check(loaded.FunctionLoadResponse.Result, $"The worker does not load {function.Name}");
    }

    /// <summary>The worker's web server starts beside the rest of it, and may be later.</summary>
    private async Task ProbeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(Http.Host, Http.Port, cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(ProbeEvery, TimeProvider.System, cancellation);
            }
        }
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage message, CancellationToken cancellation)
    {
        message.RequestId = Interlocked.Increment(ref _asked).ToString(CultureInfo.InvariantCulture);
        return _channel.AskAsync(message).WaitAsync(cancellation);
    }

    private async Task<StreamingMessage> InTimeAsync(
        Task<StreamingMessage> asking, string function, string id, TimeSpan? limit)
    {
        if (limit is not { } longest)
        {
            return await asking;
        }

        try
        {
            return await asking.WaitAsync(longest, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            // The process is all that can be ended, so whatever else it runs ends with it: as on Azure.
            WorkerLog.Overdue(_logger, function, longest, ProcessId, id);
            Kill();
            return await asking;
        }
    }

    private static void Check(StatusResult result, string otherwise)
    {
        if (result.Status is not StatusResult.Types.Status.Success)
        {
            throw new LocalSetupException($"{otherwise}: {result.Exception?.Message}");
        }
    }
}

/// <summary>A function in the worker failed; the message is its exception's.</summary>
internal sealed class InvocationFailedException(string message) : Exception(message);

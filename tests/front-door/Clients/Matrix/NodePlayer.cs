using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>A client of <c>tests/clients/adapters</c> in a node process of its own, which plays several scenarios at a time.</summary>
public sealed class NodePlayer : IMatrixClient
{
    // A client is told to leave when the patience with it ends; this is for one that is stuck.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<MatrixSeen>> _waiting = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private NodePlayer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <param name="adapter">Its file's name.</param>
    public static async Task<IMatrixClient> StartAsync(string adapter)
    {
        var folder = await NpmFolder.EnsureAsync(Path.Combine("tests", "clients"));
        var start = new ProcessStartInfo(NodeBinary.In(folder), [Path.Combine(folder, "play.mjs"), adapter])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var player = new NodePlayer(Process.Start(start)!);
        await player.AnswerAsync("ready");
        return player;
    }

    public async Task<MatrixSeen> PlayAsync(MatrixCall call, CancellationToken patience)
    {
        var id = call.Scenario.Name;
        var answer = AnswerAsync(id);
        Say(new
        {
            id,
            does = call.Scenario.Does,
            baseURL = call.Url,
            apiKey = call.Secret,
            code = call.Scenario.Code,
            model = call.Scenario.Model,
            text = call.Text,
            usage = call.Scenario.Usage,
        });
        await using var leaving = patience.Register(() => Say(new { leave = id }));
        return await answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
    }

    private void Say(object line)
    {
        lock (_process)
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(line));
            _process.StandardInput.Flush();
        }
    }

    private Task<MatrixSeen> AnswerAsync(string id) =>
        _waiting.GetOrAdd(id, _ => new TaskCompletionSource<MatrixSeen>(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(Longest);

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var id = JsonNode.Parse(line)!["id"]!.GetValue<string>();
            var seen = JsonSerializer.Deserialize<MatrixSeen>(line, JsonSerializerOptions.Web)!;
            _waiting.GetOrAdd(id, _ => new TaskCompletionSource<MatrixSeen>(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(seen);
        }

        var errors = await _errors;
        foreach (var (_, answer) in _waiting)
        {
            answer.TrySetException(new InvalidOperationException($"The client's process has ended. {errors}"));
        }
    }
}

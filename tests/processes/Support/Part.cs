using System.Globalization;

namespace Freeway.Processes.Tests.Support;

/// <summary>A part that all instances share, in a process of its own. It can be away for a while, and keeps its port and its data.</summary>
internal sealed class Part(string command, string folder, params string[] arguments) : IAsyncDisposable
{
    private readonly int _port = FreePort.Next();
    private RunnerProcess? _process;

    /// <summary>What instances must be told.</summary>
    public string Connection { get; private set; } = "";

    public async Task StartAsync()
    {
        _process = RunnerProcess.Start(
            Path.Combine(folder, $"{command}.json"), new Dictionary<string, string>(),
            [command, "--port", _port.ToString(CultureInfo.InvariantCulture), .. arguments]);
        var ready = await _process.ReadyAsync();
        ready.GetProperty("port").GetInt32().ShouldBe(_port);
        ready.GetProperty("pid").GetInt32().ShouldBe(_process.Id);
        Connection = ready.GetProperty("connection").GetString()!;
    }

    /// <summary>As Ctrl-C does.</summary>
    public async Task StopAsync()
    {
        _process!.Interrupt();
        (await _process.ExitAsync()).ShouldBe(0, _process.Errors);
        await LeaveAsync();
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await LeaveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task LeaveAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }
}

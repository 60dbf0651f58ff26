using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Runner.Tests.Commands;

/// <summary>The runner as a process of its own, as <c>./run</c> starts it.</summary>
internal sealed class RunnerProcess : IAsyncDisposable
{
    public const int Terminate = 15;
    public const int Kill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _clients = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;
    private readonly string _readyFile;

    private RunnerProcess(Process process, string readyFile)
    {
        _process = process;
        _readyFile = readyFile;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IEnumerable<string> Output => _output;

    public IEnumerable<string> Errors => _errors;

    /// <summary>What the ready file says.</summary>
    public JsonElement Ready { get; private set; }

    public static RunnerProcess Launch(string folder, IReadOnlyDictionary<string, string?>? settings, params string[] arguments)
    {
        var readyFile = Path.Combine(folder, $"ready-{Guid.CreateVersion7()}.json");
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Freeway.Runner.dll"), .. arguments, "--ready-file", readyFile])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new RunnerProcess(Process.Start(start)!, readyFile);
    }

    /// <summary>Launches it on free ports and waits until it is ready.</summary>
    public static async Task<RunnerProcess> StartAsync(
        string folder, IReadOnlyDictionary<string, string?>? settings = null, params string[] arguments)
    {
        var runner = Launch(folder, settings, [.. arguments, "--port", "0"]);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(runner._readyFile))
        {
            runner._process.HasExited.ShouldBeFalse(string.Join('\n', runner._errors));
            await look.WaitForNextTickAsync(patience.Token);
        }

        runner.Ready = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllBytesAsync(runner._readyFile));
        return runner;
    }

    /// <summary>Runs a command that ends by itself.</summary>
    /// <returns>Its exit code and the one line that it said.</returns>
    public static Task<(int Exit, string Line)> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs a command that ends by itself, with settings in its environment.</summary>
    /// <returns>Its exit code and all that it said.</returns>
    public static async Task<(int Exit, string Text)> RunAsync(
        IReadOnlyDictionary<string, string?>? settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "Freeway.Runner.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, text.Trim());
    }

    public string Said(string name) => Ready.GetProperty(name).GetString()!;

    public void Signal(int signal) => SendSignal(_process.Id, signal).ShouldBe(0);

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a chat request with the demo key; ends when the headers are there.</summary>
    public async Task<HttpResponseMessage> ChatAsync(string model, string text, bool stream = false, string? key = null)
    {
        var client = _clients.GetRequiredService<IHttpClientFactory>().CreateClient();
        var body = JsonSerializer.Serialize(new { model, stream, messages = new[] { new { role = "user", content = text } } });
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(Said("url")), "/api/v1/chat/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Said("apiKey"));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Kill);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _clients.DisposeAsync();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            lines.Enqueue(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}

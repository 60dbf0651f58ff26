using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Freeway.Processes.Tests.Support;

/// <summary>The runner in a process of its own, as a user starts it. It is gone when this is disposed.</summary>
internal sealed class RunnerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<Process, bool> Alive = [];
    private static readonly string[] Ours = ["Freeway", "AzureWebJobsStorage", "ServiceBus", "ActivityQueueName", "SARVAM_API_KEY"];

    private static readonly string DotNet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
    private static readonly string Runner = Path.Combine(AppContext.BaseDirectory, "Freeway.Runner.dll");

    private readonly Process _process;
    private readonly string _readyFile;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    static RunnerProcess()
    {
        Signals.HeedInterrupts();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var process in Alive.Keys)
            {
                process.Kill(entireProcessTree: true);
            }
        };
    }

    private RunnerProcess(ProcessStartInfo start, string readyFile)
    {
        _readyFile = readyFile;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        Alive[_process] = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it said on standard output.</summary>
    public string Output => Text(_output);

    /// <summary>What it said on standard error.</summary>
    public string Errors => Text(_errors);

    /// <summary>The ids of the processes that it started and that still run.</summary>
    public IReadOnlyList<int> Children =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => ParentOf(name!) == Id).Select(name => int.Parse(name!))];

    /// <summary>Starts it; <see cref="ReadyAsync"/> waits until it serves.</summary>
    /// <param name="readyFile">Where it writes what others need to know.</param>
    /// <param name="settings">Its whole settings: none of this process's own reach it.</param>
    public static RunnerProcess Start(string readyFile, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        string[] command = [DotNet, Runner, .. arguments, "--ready-file", readyFile];
        return Start(readyFile, settings, new ProcessStartInfo(command[0], command[1..]));
    }

    /// <summary>Starts it as a shell without job control starts a background job: with SIGINT ignored.</summary>
    public static RunnerProcess StartInBackground(
        string readyFile, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        string[] command = [DotNet, Runner, .. arguments, "--ready-file", readyFile];
        return Start(readyFile, settings, new ProcessStartInfo("sh", ["-c", "trap '' INT; exec \"$@\"", "sh", .. command]));
    }

    private static RunnerProcess Start(string readyFile, IReadOnlyDictionary<string, string> settings, ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (Ours.Any(name => ((string)variable.Key).StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            {
                start.Environment.Remove((string)variable.Key);
            }
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        // What an earlier run has left must not be taken for this one's.
        File.Delete(readyFile);
        return new RunnerProcess(start, readyFile);
    }

    /// <summary>The content of the ready file, as soon as it is there.</summary>
    public async Task<JsonElement> ReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(_readyFile))
        {
            if (_process.HasExited || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The runner did not get ready.\n{Output}\n{Errors}");
            }

            await poll.WaitForNextTickAsync(CancellationToken.None);
        }

        using var ready = JsonDocument.Parse(await File.ReadAllBytesAsync(_readyFile));
        return ready.RootElement.Clone();
    }

    /// <summary>As Ctrl-C does.</summary>
    public void Interrupt() => Signals.Send(Id, Signals.Interrupt);

    /// <summary>As <c>kill</c> does.</summary>
    public void Terminate() => Signals.Send(Id, Signals.Terminate);

    /// <summary>As <c>kill -9</c> does; its children are left alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Its exit code, once it has ended and all that it said is read.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(ExitLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The runner does not end.\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await ExitAsync();
        }

        Alive.TryRemove(_process, out _);
        _process.Dispose();
    }

    private static int? ParentOf(string process)
    {
        try
        {
            // 42 (name, perhaps with blanks) S parent …
            var stat = File.ReadAllText(Path.Combine("/proc", process, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString().Trim();
        }
    }
}

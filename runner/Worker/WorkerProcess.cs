using System.Diagnostics;

namespace Freeway.Runner.Worker;

/// <summary>
/// One process of the worker. It does not outlive this one, however this one ends; an interrupt from the terminal
/// reaches only this one, which stops the worker when it has drained.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>
    /// The shell becomes the worker. What it leaves behind waits on the pipe from us: a line says that the worker is
    /// gone, and the pipe's end that we are.
    /// </summary>
    private const string TiedToUs =
        "trap '' INT QUIT; exec 3<&0; { read -r _ <&3 || kill -9 $$; } >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    /// <summary>
    /// The variables of our own environment that the process keeps; all else that the app reads is in its settings.
    /// </summary>
    private static readonly string[] Kept =
    [
        "PATH", "HOME", "USER", "LANG", "TMPDIR", "TEMP", "TMP", "SSL_CERT_DIR", "SSL_CERT_FILE", "DOTNET_ROOT",
        "DOTNET_TieredPGO", "SystemRoot", "LOCALAPPDATA", "APPDATA", "USERPROFILE",
    ];

    private const int LinesKept = 30;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private WorkerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The last lines that it wrote to its output, for whoever wonders why it ended.</summary>
    public string Said
    {
        get
        {
            lock (_lines)
            {
                return string.Join(Environment.NewLine, _lines);
            }
        }
    }

    /// <param name="settings">Its environment, beside the little that every process needs.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static WorkerProcess Start(
        WorkerProgram program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings)
    {
        string[] assembly = program.Assembly is { } path ? [path] : [];
        string[] command = [program.Executable, .. assembly, .. arguments];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(command[0], command[1..])
            : new ProcessStartInfo("/bin/sh", ["-c", TiedToUs, "sh", .. command]);
        start.WorkingDirectory = program.Folder;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in start.Environment.Keys.Except(Kept, StringComparer.OrdinalIgnoreCase).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker._process.OutputDataReceived += (_, line) => worker.Keep(line.Data);
        worker._process.ErrorDataReceived += (_, line) => worker.Keep(line.Data);
        worker._process.Start();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Ends when the process has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        await ReleaseAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it at once; does nothing where it has ended.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // Ended, and released meanwhile.
        }
    }

    public void Dispose() => _process.Dispose();

    /// <summary>Its process id may soon be another's, so nobody may end that any more.</summary>
    private async Task ReleaseAsync()
    {
        try
        {
            await _process.StandardInput.WriteLineAsync();
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Nobody waits on the pipe any more.
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
    }
}

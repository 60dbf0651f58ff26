using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Freeway.Bicep.Tests.Compiler;

/// <summary>
/// One running compiler, spoken to over its standard streams as <c>bicep jsonrpc --stdio</c>. A new process takes
/// seconds to start and to read Azure's types; a running one compiles in a fifth of a second.
/// </summary>
internal sealed class BicepCompiler : IAsyncDisposable
{
    private const string Header = "Content-Length: ";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);
    private int _calls;

    private BicepCompiler(Process process) => _process = process;

    public static BicepCompiler Start()
    {
        var start = new ProcessStartInfo(BicepCli.Program!, ["jsonrpc", "--stdio"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // A machine without ICU can still compile, and nobody's environment reaches main.bicepparam.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        // Instrumented code costs more than it gains in a process of half a minute: 0.16 s a compilation for 0.3 s.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var name in start.Environment.Keys.Where(IsParameter).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AZURE_ENV_NAME"] = "prod";
        start.Environment["AZURE_LOCATION"] = "swedencentral";
        return new BicepCompiler(Process.Start(start)!);
    }

    /// <summary>Compiles a parameter file and the template that it names.</summary>
    public async Task<Compilation> CompileAsync(string parameterFile)
    {
        var answer = await CallAsync("bicep/compileParams", new { path = parameterFile, parameterOverrides = new { } });
        return answer.Deserialize<Compilation>(Json)!;
    }

    /// <summary>What Azure's deployment engine says that a deployment with this parameter file makes.</summary>
    public async Task<Deployment> DeployAsync(string parameterFile)
    {
        var metadata = new
        {
            tenantId = "22222222-2222-2222-2222-222222222222",
            subscriptionId = "11111111-1111-1111-1111-111111111111",
            location = "swedencentral",
            deploymentName = "freeway",
        };
        var answer = await CallAsync("bicep/getSnapshot", new { path = parameterFile, metadata });
        return new Deployment(Path.GetFileName(parameterFile), answer.GetProperty("snapshot").GetString()!);
    }

    /// <summary>The text of a file in the compiler's own format.</summary>
    public async Task<string> FormatAsync(string file) =>
        (await CallAsync("bicep/format", new { path = file })).GetProperty("contents").GetString()!;

    public async ValueTask DisposeAsync()
    {
        // The compiler ends with its input.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _turn.Dispose();
    }

    private static bool IsParameter(string name) =>
        name.StartsWith("FREEWAY_", StringComparison.Ordinal) || name.StartsWith("AZURE_", StringComparison.Ordinal);

    private async Task<JsonElement> CallAsync(string method, object parameters)
    {
        await _turn.WaitAsync();
        try
        {
            await WriteAsync(new { jsonrpc = "2.0", id = ++_calls, method, @params = parameters });
            var answer = await ReadAsync();
            return answer.TryGetProperty("error", out var error)
                ? throw new BicepException(error.GetProperty("message").GetString()!)
                : answer.GetProperty("result");
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WriteAsync(object message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        var stream = _process.StandardInput.BaseStream;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Header}{body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
        await stream.FlushAsync();
    }

    /// <summary>Reads one message: header lines, an empty line, and as many bytes of JSON as the header says.</summary>
    private async Task<JsonElement> ReadAsync()
    {
        var length = 0;
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith(Header, StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.AsSpan(Header.Length), CultureInfo.InvariantCulture);
            }
        }

        var body = new byte[length];
        await _process.StandardOutput.BaseStream.ReadExactlyAsync(body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var next = new byte[1];
        do
        {
            await _process.StandardOutput.BaseStream.ReadExactlyAsync(next);
            line.Append((char)next[0]);
        }
        while (next[0] is not (byte)'\n');
        return line.ToString().TrimEnd();
    }
}

/// <summary>What the compiler made of a parameter file and its template.</summary>
/// <param name="Parameters">The parameter file as JSON; null after an error.</param>
/// <param name="Template">The template as JSON; null after an error.</param>
internal sealed record Compilation(IReadOnlyList<Diagnostic> Diagnostics, string? Parameters, string? Template);

/// <summary>One message of the compiler or of its linter.</summary>
/// <param name="Code"><c>BCP035</c> and the like from the compiler; the name of a rule from the linter.</param>
internal sealed record Diagnostic(string Source, DiagnosticRange Range, string Level, string Code, string Message);

internal sealed record DiagnosticRange(DiagnosticPosition Start);

/// <param name="Line">Counts from 0.</param>
internal sealed record DiagnosticPosition(int Line);

/// <summary>The compiler refused: the deployment engine could not evaluate the template.</summary>
internal sealed class BicepException(string message) : Exception(message);

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freeway.Functions.Http;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>Checks bodies against the document's schemas, in one node process for the whole run; it ends with us.</summary>
internal static class SchemaChecker
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<Process>> Shared = new(StartAsync);
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <param name="schema">A JSON pointer into the document.</param>
    /// <returns>What is wrong with the body; empty where nothing is.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(string schema, ReadOnlyMemory<byte> body)
    {
        using var limit = new CancellationTokenSource(Longest);
        var process = await Shared.Value;
        var line = new JsonObject { ["schema"] = schema, ["body"] = JsonNode.Parse(body.Span) }.ToJsonString();
        await Turn.WaitAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteLineAsync(line.AsMemory(), limit.Token);
            await process.StandardInput.FlushAsync(limit.Token);
            var answer = await process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"The checker of schemas ended: {await process.StandardError.ReadToEndAsync(limit.Token)}");
            return JsonSerializer.Deserialize<string[]>(answer)!;
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<Process> StartAsync()
    {
        var folder = await NpmFolder.EnsureAsync(Path.Combine("tests", "openapi"));
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "check.mjs"), Write()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        return process;
    }

    /// <summary>The document as a file.</summary>
    public static string Write()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "openapi.json");
        var next = $"{path}.{Environment.CurrentManagedThreadId}";
        File.WriteAllBytes(next, ApiEndpoints.CreateDocument().Bytes.Span);
        File.Move(next, path, overwrite: true);
        return path;
    }
}

using System.Diagnostics;
using System.Text.Json;
using Freeway.Tests.Shared;

namespace Freeway.Bicep.Tests;

/// <summary>Runs <c>eng/bicep/check.mjs</c> with what the code expects.</summary>
internal static class BicepChecker
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Task<IReadOnlyList<Finding>> CheckAsync() => RunAsync<IReadOnlyList<Finding>>();

    public static Task<IReadOnlyList<FaultAnswer>> CheckAsync(IReadOnlyList<Fault> faults) =>
        WithFileAsync(faults, path => RunAsync<IReadOnlyList<FaultAnswer>>("--faults", path));

    /// <summary>The app's settings; what Azure alone knows is in ⟨brackets⟩.</summary>
    public static Task<IReadOnlyDictionary<string, string>> SettingsAsync() => RunAsync<IReadOnlyDictionary<string, string>>("--settings");

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Json)!;

    private static async Task<T> RunAsync<T>(params string[] options) => await WithFileAsync(await CodeContract.ReadAsync(), async contract =>
    {
        var folder = await NpmFolder.EnsureAsync(Path.Combine("eng", "bicep"));
        var (exit, output) = await StartAsync("node", [Path.Combine(folder, "check.mjs"), "--contract", contract, .. options]);
        exit.ShouldBe(0, output);
        return Read<T>(output);
    });

    public static async Task<(int Exit, string Output)> StartAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode is 0 ? output : output + await errors);
    }

    private static async Task<T> WithFileAsync<T>(object content, Func<string, Task<T>> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(content, content.GetType(), Json));
            return await use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

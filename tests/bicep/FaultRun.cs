using System.Text.Json;
using Freeway.Bicep.Tests.Compiler;
using Freeway.Bicep.Tests.Rules;

namespace Freeway.Bicep.Tests;

/// <summary>A small edit that breaks something.</summary>
/// <param name="Find">What is replaced; it is in the file once.</param>
/// <param name="By">Who must notice: <c>compiler</c>, <c>linter</c>, <c>policy</c> or <c>contract</c>.</param>
/// <param name="Rule">The code or the rule that must notice.</param>
public sealed record Fault(string Name, string File, string Find, string Replace, string By, string Rule)
{
    public static IReadOnlyList<Fault> All { get; } = JsonSerializer.Deserialize<IReadOnlyList<Fault>>(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "faults.json")), JsonSerializerOptions.Web)!;
}

/// <summary>Checks a copy of the Bicep after each fault, with one compiler for each processor.</summary>
public sealed class FaultRun : IAsyncLifetime
{
    private readonly Dictionary<string, IReadOnlyList<string>> _findings = [];

    /// <summary>What the check found after a fault, up to the finding that was to be there.</summary>
    public IReadOnlyList<string> FindingsAfter(Fault fault) => _findings[fault.Name];

    public async Task InitializeAsync()
    {
        if (BicepCli.Program is not null)
        {
            var code = await CodeContract.ReadAsync();
            var shares = Fault.All.Index().GroupBy(fault => fault.Index % Environment.ProcessorCount);
            await Task.WhenAll(shares.Select(share => CheckAsync(share.Select(fault => fault.Item), code)));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task CheckAsync(IEnumerable<Fault> faults, CodeContract code)
    {
        await using var compiler = BicepCompiler.Start();
        var check = new BicepCheck(compiler, code);
        foreach (var fault in faults)
        {
            var findings = await FindAsync(check, fault);
            lock (_findings)
            {
                _findings.Add(fault.Name, findings);
            }
        }
    }

    private static async Task<IReadOnlyList<string>> FindAsync(BicepCheck check, Fault fault)
    {
        using var folder = new BicepFolder();
        if (!folder.TryEdit(fault.File, fault.Find, fault.Replace))
        {
            return [$"The text to replace must be in {fault.File} once."];
        }

        var findings = new List<string>();
        await foreach (var finding in check.RunAsync(folder))
        {
            findings.Add(Name(finding.By, finding.Rule));
            if (findings[^1] == Name(fault.By, fault.Rule))
            {
                break;
            }
        }

        return findings;
    }

    public static string Name(string by, string rule) => $"{by} {rule}";
}

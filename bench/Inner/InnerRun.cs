using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Freeway.Bench.Inner;

/// <summary>Runs <see cref="InnerBenchmarks"/> by BenchmarkDotNet in this process and prints a table.</summary>
internal static class InnerRun
{
    /// <param name="quick">Whether a few short iterations are enough: bytes are the same, times are rougher.</param>
    /// <returns>1 where a piece allocates more than its ceiling or could not be run, else 0.</returns>
    public static int Run(bool quick, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("freeway-inner-").FullName;
        var job = (quick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(folder);
        var summary = BenchmarkRunner.Run<InnerBenchmarks>(config);
        Directory.Delete(folder, recursive: true);

        output.WriteLine("| piece | ns | ± | bytes allocated | ceiling |");
        output.WriteLine("|---|---|---|---|---|");
        var passed = summary.Reports.Length > 0 && !summary.HasCriticalValidationErrors;
        foreach (var report in summary.Reports)
        {
            passed &= Write(report, output);
        }

        return passed ? 0 : 1;
    }

    private static bool Write(BenchmarkReport report, TextWriter output)
    {
        var piece = report.BenchmarkCase.Descriptor;
        var ceiling = piece.WorkloadMethod.GetCustomAttribute<AllocationCeilingAttribute>()!.Bytes;
        if (report.ResultStatistics is not { } times
            || report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is not { } bytes)
        {
            output.WriteLine($"| {piece.WorkloadMethodDisplayInfo} | could not be run | | | {ceiling} |");
            return false;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {piece.WorkloadMethodDisplayInfo.Trim('\'')} | {times.Mean:0} | {times.StandardDeviation:0} | {bytes} | {ceiling} |"));
        return bytes < ceiling;
    }
}

using System.Diagnostics;
using Freeway.Tests.Shared;

namespace Freeway.Runner.Tests.Commands;

public sealed class VersionTests
{
    [Fact]
    public async Task Version_IsPrintedAlone()
    {
        var runner = Path.Combine(AppContext.BaseDirectory, "Freeway.Runner.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath!, [runner, "--version"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;

        (await process.StandardOutput.ReadToEndAsync()).Trim().ShouldBe(DeclaredVersion.Read());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}

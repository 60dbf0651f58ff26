using System.CommandLine;
using System.Diagnostics;
using Freeway.Runner.Commands;
using Freeway.Runner.Tests.Broker;
using Freeway.Tests.Shared;

namespace Freeway.Runner.Tests.SelfHosting;

/// <summary><c>eng/freeway.service</c>: what it names is there, and systemd takes it where it is installed.</summary>
public sealed class ServiceUnitTests
{
    private static readonly string Path = System.IO.Path.Combine(RepositoryFolder.Root, "eng", "freeway.service");

    [Fact]
    public void Unit_StartsTheRunnerWithOptionsItHas_AndLetsItStop()
    {
        var command = Of("ExecStart").Split(' ');
        var parsed = RunCommand.Create().Parse(command[2..]);
        var drain = new FreewayHostOptions().DrainLimit + Freeway.Runner.Hosting.HostServer.AfterDrain;

        System.IO.Path.GetFileName(command[1]).ShouldBe(typeof(FreewayHost).Assembly.GetName().Name + ".dll");
        parsed.Errors.ShouldBeEmpty();
        parsed.GetValue<string>("--data").ShouldBe("/var/lib/" + Of("StateDirectory"));
        int.Parse(Of("TimeoutStopSec"), System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeGreaterThan((int)drain.TotalSeconds);
        ContainerTests.SettingNames().ShouldContain(Of("Environment").Split('=')[0]);
    }

    [Fact]
    public async Task Unit_IsTakenBySystemd()
    {
        using var folder = new TemporaryFolder();
        var unit = System.IO.Path.Combine(folder.Path, "freeway.service");
        // It looks whether the program is there, which is elsewhere on this machine.
        var text = await File.ReadAllTextAsync(Path);
        await File.WriteAllTextAsync(unit, text.Replace("/usr/bin/dotnet", Environment.ProcessPath!));

        var (exit, said) = await VerifyAsync(unit);
        exit.ShouldBe(0, said);
        said.ShouldBeEmpty();
    }

    /// <summary>Without systemd on the machine, only the form of the lines is looked at.</summary>
    private static async Task<(int Exit, string Said)> VerifyAsync(string unit)
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            var odd = (await File.ReadAllLinesAsync(unit))
                .Where(line => line is not ("" or ['#', ..] or ['[', .., ']']) && !line.Contains('='));
            return (0, string.Join('\n', odd));
        }

        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/systemd-analyze", ["verify", "--man=no", unit]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said.Trim());
    }

    private static string Of(string name) =>
        File.ReadAllLines(Path).Single(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}

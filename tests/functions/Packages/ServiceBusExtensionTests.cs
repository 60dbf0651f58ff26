using System.Net;
using System.Net.Sockets;

namespace Freeway.Functions.Tests.Packages;

/// <summary>A build takes the Service Bus extension where a source serves it, and the stand-in otherwise.</summary>
public sealed class ServiceBusExtensionTests(PackedExtension packed) : IClassFixture<PackedExtension>
{
    [Fact]
    public async Task Extension_Served_IsReferencedInPlaceOfTheStandIn()
    {
        using var copy = new RepositoryCopy("source");
        packed.CopyTo(copy.PathOf("source"));

        var run = await copy.DotnetAsync("msbuild", "functions", "-restore", "-t:RefuseToPublishStandIn");

        run.ExitCode.ShouldBe(0, run.Output);
        copy.RestoredFrom().ShouldBe("package");
        copy.Answers().ShouldBe(["served"]);
        File.Exists(copy.PathOf("functions/packages.service-bus.lock.json")).ShouldBeTrue();
        File.Exists(copy.PathOf("functions/packages.lock.json")).ShouldBeFalse();
        File.Exists(copy.PathOf("gateway/packages.lock.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task Extension_Missing_IsStoodInFor_AndThenNothingIsPublished()
    {
        using var copy = new RepositoryCopy("source");
        Directory.CreateDirectory(copy.PathOf("source"));

        var publish = await copy.DotnetAsync("publish", "functions", "--output", "published");

        publish.ExitCode.ShouldNotBe(0);
        publish.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal))
            .ShouldHaveSingleItem(publish.Output)
            .ShouldContain("error FREEWAY001: Freeway.Functions is not published");
        Directory.Exists(copy.PathOf("published")).ShouldBeFalse();
        copy.RestoredFrom().ShouldBe("project");
        copy.Answers().ShouldBe(["missing"]);

        var build = await copy.DotnetAsync("build", "eng/service-bus-stand-in", "--no-restore");
        build.ExitCode.ShouldBe(0, build.Output);
    }

    [Fact]
    public async Task Extension_SourceOutOfReach_IsNotTakenForMissing()
    {
        using var copy = new RepositoryCopy("empty", $"http://127.0.0.1:{ClosedPort()}/index.json");
        Directory.CreateDirectory(copy.PathOf("empty"));

        var probe = await copy.DotnetAsync("msbuild", "functions", "-t:ProbeServiceBusExtension");

        probe.Output.ShouldContain("The sources do not say.");
        copy.Answers().ShouldBeEmpty();
    }

    [Fact]
    public async Task Extension_SourceBackAgain_IsReferencedByTheRestoreOfTheSolution()
    {
        using var copy = new RepositoryCopy("source");
        await copy.DotnetAsync("msbuild", "functions", "-t:ProbeServiceBusExtension");
        copy.Answers().ShouldBeEmpty();
        packed.CopyTo(copy.PathOf("source"));

        var restore = await copy.DotnetAsync("restore", RepositoryCopy.Solution);

        restore.ExitCode.ShouldBe(0, restore.Output);
        copy.RestoredFrom().ShouldBe("package");
        copy.Answers().ShouldBe(["served"]);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

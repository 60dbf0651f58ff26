using Freeway.Runner.Commands;
using Freeway.Runner.Local;
using Freeway.Runner.Tests.Broker;

namespace Freeway.Runner.Tests.Commands;

/// <summary>The dashboard itself is 38 MB that no test downloads.</summary>
public sealed class TelemetryDashboardTests : IDisposable
{
    private const string Collector = "http://127.0.0.1:4318";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Settings_WithTheDashboard_NameItsAddressAsTheCollector()
    {
        var settings = TelemetryDashboard.Complete(
            new Dictionary<string, string?> { ["Freeway:TablePrefix"] = "a" }, Collector);

        settings["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe(Collector);
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("http/protobuf");
        settings["Freeway:TablePrefix"].ShouldBe("a");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("Freeway:Telemetry:OtlpEndpoint", "Freeway__Telemetry__OtlpEndpoint")]
    public void Settings_ThatNameACollector_DoNotGoWithTheDashboard(string setting, string named) =>
        Should.Throw<LocalSetupException>(() => TelemetryDashboard.RequireNoOther(
                new Dictionary<string, string?> { [setting] = "http://collector" }))
            .Message.ShouldContain($"unset {named}.");

    [Fact]
    public async Task Package_ThatNoSourceServes_IsOneClearLine()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "nuget.config"),
            """
            <configuration><packageSources><clear /><add key="none" value="." /></packageSources></configuration>
            """);
        var project = Path.Combine(_folder.Path, "Dashboard.csproj");
        await File.WriteAllTextAsync(
            project,
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageDownload Include="Freeway.No.Such.Dashboard" Version="[1.0.0]" /></ItemGroup>
              <Target Name="FindDashboard" />
            </Project>
            """);

        var refused = await Should.ThrowAsync<LocalSetupException>(
            () => DashboardPackage.EnsureAsync(project, CancellationToken.None));

        refused.Message.ShouldStartWith("--telemetry: Aspire's dashboard cannot be had from the package source:");
        refused.Message.ShouldContain("Freeway.No.Such.Dashboard");
        refused.Message.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
        refused.Message.ShouldNotContain('\n');
    }
}

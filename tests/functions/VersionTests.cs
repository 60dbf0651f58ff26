using System.Text.Json;
using Freeway.Functions.Http;
using Freeway.Functions.Telemetry;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;

namespace Freeway.Functions.Tests;

public sealed class VersionTests
{
    [Fact]
    public void Version_IsThatOfTheApiDocument()
    {
        using var document = JsonDocument.Parse(ApiEndpoints.CreateDocument().Bytes);

        document.RootElement.GetProperty("info").GetProperty("version").GetString().ShouldBe(DeclaredVersion.Read());
    }

    [Fact]
    public void Version_IsThatOfTheTelemetryResource() =>
        TelemetryRegistration.Resource(new ConfigurationBuilder().Build(), ResourceBuilder.CreateEmpty()).Build().Attributes
            .ShouldContain(KeyValuePair.Create<string, object>("service.version", DeclaredVersion.Read()));

    [Fact]
    public void Version_HasAHeadingInTheChangelog() =>
        File.ReadAllText(Path.Combine(RepositoryFolder.Root, "CHANGELOG.md")).ShouldContain($"\n## [{DeclaredVersion.Read()}] - ");
}

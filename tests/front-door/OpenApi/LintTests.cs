using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Functions.Http;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>The document by itself: valid, clean for a linter, and served as it should be.</summary>
public sealed class LintTests
{
    [Fact]
    public async Task Document_IsCleanForTheLinter()
    {
        var folder = await NpmFolder.EnsureAsync(Path.Combine("tests", "openapi"));
        var start = new ProcessStartInfo(
            "node",
            [Path.Combine(folder, "node_modules", "@redocly", "cli", "bin", "cli.js"), "lint", SchemaChecker.Write(), "--config", Path.Combine(folder, "redocly.yaml"), "--format", "stylish"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
        };
        using var linter = Process.Start(start)!;
        var errors = linter.StandardError.ReadToEndAsync();
        var output = await linter.StandardOutput.ReadToEndAsync();
        await linter.WaitForExitAsync();

        linter.ExitCode.ShouldBe(0, output + await errors);
        (await errors).ShouldContain("Your API description is valid");
    }

    [Fact]
    public async Task Document_IsServedToEverybody_AndOnceIsEnough()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client(null);
        using var first = await nobody.GetAsync("openapi.json");
        nobody.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await nobody.GetAsync("openapi.json");

        (await first.Content.ReadAsByteArrayAsync()).ShouldBe(ApiEndpoints.CreateDocument().Bytes.ToArray());
        first.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        first.Headers.CacheControl!.Public.ShouldBeTrue();
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        again.Headers.ETag.ShouldBe(first.Headers.ETag);
    }

    [Fact]
    public async Task Document_Compressed_HasAWeakETagThatIsStillKnown()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var nobody = gateway.Client(null);
        nobody.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var first = await nobody.GetAsync("openapi.json");
        nobody.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await nobody.GetAsync("openapi.json");

        first.Content.Headers.ContentEncoding.ShouldHaveSingleItem().ShouldBe("gzip");
        first.Headers.ETag!.IsWeak.ShouldBeTrue();
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }
}

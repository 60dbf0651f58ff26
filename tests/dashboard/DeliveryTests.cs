using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Freeway.Dashboard.Tests.Support;
using Freeway.Functions.Http;
using Freeway.Tests.Shared;
using Microsoft.Playwright;

namespace Freeway.Dashboard.Tests;

/// <summary>The files: what they weigh, how they are served, and that they are what the sources say.</summary>
public sealed class DeliveryTests(Site site) : IClassFixture<Site>
{
    private const int MostBytes = 120_000;
    private const int MostOnTheWire = 100_000;

    private static readonly DashboardFiles Files = new();

    private static IEnumerable<string> OfThePage => Files.Names.Where(name => name is not "licences.txt");

    [Fact]
    public void Files_AreOnePageOneScriptAndOneStyleSheet_WithinTheirBound()
    {
        OfThePage.Select(Path.GetExtension).Order().ShouldBe([".css", ".html", ".js"]);
        OfThePage.Sum(name => Files.Find(name)!.Bytes.Length).ShouldBeLessThanOrEqualTo(MostBytes);
    }

    [Fact]
    public async Task Files_AreThoseThatTheSourcesMake_ToTheByte()
    {
        var folder = await NpmFolder.EnsureAsync("dashboard");
        var made = Directory.CreateTempSubdirectory("freeway-dashboard-");
        try
        {
            await NodeAsync(folder, "build.mjs", made.FullName);

            Digest(made.EnumerateFiles().Select(file => (file.Name, File.ReadAllBytes(file.FullName))))
                .ShouldBe(
                    Digest(Files.Names.Select(name => (name, Files.Find(name)!.Bytes.ToArray()))),
                    "npm run build in dashboard/, and commit it");
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Sources_FitTheDescriptionThatIsServed()
    {
        var folder = await NpmFolder.EnsureAsync("dashboard");
        using var nobody = site.Client(null);
        var description = Path.Combine(folder, "node_modules", ".openapi.json");
        await File.WriteAllBytesAsync(description, await nobody.GetByteArrayAsync("openapi.json"));

        var generator = Path.Combine("node_modules", "openapi-typescript", "bin", "cli.js");
        await NodeAsync(folder, generator, description, "--output", Path.Combine("src", "schema.d.ts"));
        await NodeAsync(folder, Path.Combine("node_modules", "typescript", "bin", "tsc"));
    }

    [Fact]
    public async Task Page_IsAskedForAnew_AndWhatItNamesNeverAgain()
    {
        using var nobody = site.Client(null);
        using var page = await nobody.GetAsync("dashboard");
        nobody.DefaultRequestHeaders.IfNoneMatch.Add(page.Headers.ETag!);
        using var again = await nobody.GetAsync("dashboard");
        using var docs = await nobody.GetAsync("docs");
        using var script = await nobody.GetAsync($"dashboard/{OfThePage.Single(name => name.EndsWith(".js", StringComparison.Ordinal))}");
        using var nothing = await nobody.GetAsync("dashboard/app-00000000.js");

        page.Headers.CacheControl!.NoCache.ShouldBeTrue();
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        docs.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        script.Headers.CacheControl!.ToString().ShouldContain("immutable");
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        nothing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var response in new[] { page, script })
        {
            response.Headers.GetValues("Content-Security-Policy").ShouldBe(
            [
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ]);
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Files_Compressed_AreOfOneScreenUnderTheBound(string encoding)
    {
        using var nobody = site.Client(null);
        nobody.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        var sent = 0;
        foreach (var path in OfThePage.Where(name => name is not DashboardFiles.Page).Select(name => $"dashboard/{name}").Append("dashboard"))
        {
            using var response = await nobody.GetAsync(path);
            sent += (await response.Content.ReadAsByteArrayAsync()).Length;
        }

        sent.ShouldBeLessThan(MostOnTheWire);
    }

    [Fact]
    public async Task FirstScreen_WithItsNumbers_TakesLessThanItsBoundOnTheWire()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await Visit.Expect(visit.Card("What binds this key")).ToContainTextAsync("used");

        var sizes = await Task.WhenAll(visit.Requests
            .Where(request => !request.Url.StartsWith("data:", StringComparison.Ordinal))
            .Take(8)
            .Select(request => request.SizesAsync()));
        sizes.Sum(size => size.ResponseBodySize + size.ResponseHeadersSize).ShouldBeLessThan(MostOnTheWire);
    }

    private static string[] Digest(IEnumerable<(string Name, byte[] Bytes)> files) =>
        [.. files.Select(file => $"{file.Name} {Convert.ToHexStringLower(SHA256.HashData(file.Bytes))}").Order(StringComparer.Ordinal)];

    private static async Task NodeAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, output + await errors);
    }
}

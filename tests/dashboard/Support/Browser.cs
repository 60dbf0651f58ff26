using Microsoft.Playwright;

namespace Freeway.Dashboard.Tests.Support;

/// <summary>One headless Chromium for all tests: the one of the system, since Playwright's own is a download.</summary>
internal static class Browser
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly Lazy<Task<IBrowser>> Shared = new(StartAsync);

    public static Task<IBrowser> GetAsync() => Shared.Value;

    private static async Task<IBrowser> StartAsync()
    {
        // Slow machines are slow: what must come soon says so where it is expected.
        Assertions.SetDefaultExpectTimeout(20_000);
        var playwright = await Playwright.CreateAsync();
        var path = Environment.GetEnvironmentVariable("CHROMIUM") ?? Array.Find(Places, File.Exists);
        return path is null
            ? throw new InvalidOperationException("These tests need Chromium: apt-get install chromium, or CHROMIUM=path.")
            : await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }
}

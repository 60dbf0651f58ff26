using Freeway.Dashboard.Tests.Support;
using Freeway.Tests.Shared;
using Microsoft.Playwright;

namespace Freeway.Dashboard.Tests;

/// <summary>
/// axe on every page, in both themes, on a telephone and on a desk; pictures of them where they are asked for.
/// </summary>
public sealed class AccessibilityTests(Site site) : IClassFixture<Site>
{
    private static readonly string[] OfCallers = ["Limits", "Usage", "Activity", "Models", "Try it", "Connect"];

    private static readonly string[] OfOperators =
        ["Operations", "Organisations", "Refusals", "Upstreams", "Catalogue", "Audit", "Management keys"];

    public static TheoryData<int, ColorScheme> Screens => new()
    {
        { 360, ColorScheme.Light }, { 360, ColorScheme.Dark }, { 1440, ColorScheme.Light }, { 1440, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Pages_OfCallers_HaveNoFindings(int width, ColorScheme scheme) =>
        await WalkAsync(site.ApiKey, OfCallers, width, scheme);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Pages_OfOperators_HaveNoFindings(int width, ColorScheme scheme) =>
        await WalkAsync(site.AdminKey, OfOperators, width, scheme);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Dialogs_AndWhatOpens_HaveNoFindings(int width, ColorScheme scheme)
    {
        await using var visit = await Visit.BeginAsync(site, width, scheme);
        await CheckAsync(visit, "Sign in");
        await visit.SignInAsync(site.AdminKey);
        await visit.GoAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "demo", Exact = true }).ClickAsync();
        await Visit.Expect(visit.Card("Requests").GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await CheckAsync(visit, "One organisation");
        if (width is 1440)
        {
            await visit.PictureAsync($"organisation-{scheme}");
        }

        await visit.Card("Requests").GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await CheckAsync(visit, "A request");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.ClickAsync("New key");
        await CheckAsync(visit, "A new key");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Reference_HasNoFindings_AndShowsEveryOperation(int width, ColorScheme scheme)
    {
        await using var visit = await Visit.BeginAsync(site, width, scheme, "/docs");
        await Visit.Expect(visit.Page.GetByText("POST").First).ToBeVisibleAsync();
        await visit.Page.GetByLabel("Find").FillAsync("chat/completions");
        await visit.Page.GetByText("/api/v1/chat/completions").ClickAsync();
        await Visit.Expect(visit.Page.GetByText("free_quota_exceeded").First).ToBeVisibleAsync();
        await CheckAsync(visit, "API reference");
    }

    private async Task WalkAsync(string key, string[] pages, int width, ColorScheme scheme)
    {
        await using var visit = await Visit.BeginAsync(site, width, scheme);
        await visit.SignInAsync(key);
        foreach (var page in pages)
        {
            await visit.GoAsync(page);
            var heading = visit.Page.GetByRole(AriaRole.Heading, new() { Name = page, Exact = true, Level = 1 });
            await Visit.Expect(heading).ToBeVisibleAsync();
            // All that is looked up has come.
            await Visit.Expect(visit.Page.GetByText("Loading …")).ToHaveCountAsync(0);
            await CheckAsync(visit, page);
            if (width is 1440)
            {
                await visit.PictureAsync($"{page}-{scheme}");
            }
        }
    }

    /// <summary>No finding of axe, and nothing that must be scrolled to sideways.</summary>
    internal static async Task CheckAsync(Visit visit, string what)
    {
        var folder = await NpmFolder.EnsureAsync("dashboard");
        // The page's own policy lets no script in; the debugger's protocol does not ask it.
        var axe = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        await visit.Page.EvaluateAsync(await File.ReadAllTextAsync(axe));
        var findings = await visit.Page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run({ resultTypes: ['violations'] })).violations
              .map(found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 200)).join(' | ')}`)
            """);
        findings.ShouldBeEmpty(what);
        (await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
            .ShouldBe(0, $"{what} is wider than the screen");
    }
}

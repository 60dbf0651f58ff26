using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Freeway.Dashboard.Tests.Support;

/// <summary>
/// A reader with a browser tab. At its end nothing may have failed in the page, nor gone anywhere else.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>The folder that gets pictures; none are made without it.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("FREEWAY_SCREENSHOTS");

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    private Visit(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Everything that was asked for, with the bytes that its answer took on the wire.</summary>
    public ConcurrentQueue<IRequest> Requests { get; } = new();

    /// <summary>The one other place that the page may send its reader to; null for none.</summary>
    public Uri? Elsewhere { get; set; }

    public static Task<Visit> BeginAsync(
        Site site, int width = 1440, ColorScheme scheme = ColorScheme.Light, string path = "/dashboard") =>
        BeginAsync(site.Host.Url, site.Clock, width, scheme, path);

    /// <param name="home">The address of the Freeway that is visited.</param>
    /// <param name="clock">Its clock.</param>
    public static async Task<Visit> BeginAsync(
        Uri home, TimeProvider clock, int width = 1440, ColorScheme scheme = ColorScheme.Light, string path = "/dashboard")
    {
        var browser = await Browser.GetAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = home.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Europe/Berlin",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        var visit = new Visit(context, page);
        page.PageError += (_, error) => visit._faults.Enqueue(error);
        page.Console += (_, message) => visit.Hear(message);
        page.Request += (_, request) => visit.See(request, home);
        if (Pictures is not null)
        {
            // The site's day is at noon: in a picture the browser's clock says so, too.
            await page.Clock.InstallAsync(new() { TimeDate = clock.GetUtcNow().UtcDateTime });
        }

        await page.GotoAsync(path);
        return visit;
    }

    public async Task SignInAsync(string key, bool keep = false)
    {
        await Page.GetByLabel("API key or management key").FillAsync(key);
        if (keep)
        {
            await Page.GetByLabel("Keep it in this tab").CheckAsync();
        }

        await ClickAsync("Sign in");
    }

    /// <summary>Follows a link of the navigation.</summary>
    public Task GoAsync(string page) =>
        Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages", Exact = true }).First
            .GetByRole(AriaRole.Link, new() { Name = page, Exact = true }).ClickAsync();

    public Task ClickAsync(string button) => Button(button).ClickAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Card(string title) => Page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public Task ConfirmAsync(string action) =>
        Dialog.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();

    /// <summary>
    /// Makes a picture for the documentation, where one is asked for: of a part, or of all that the screen shows.
    /// </summary>
    public async Task PictureAsync(string name, ILocator? part = null)
    {
        if (Pictures is null)
        {
            return;
        }

        var path = Path.Combine(Pictures, $"{name.ToLowerInvariant().Replace(' ', '-')}.png");
        await (part is null ? Page.ScreenshotAsync(new() { Path = path }) : part.ScreenshotAsync(new() { Path = path }));
    }

    public static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _faults.ShouldBeEmpty();
    }

    /// <summary>
    /// That an answer was no success is the page's to handle; all else that the browser complains of is a fault.
    /// </summary>
    private void Hear(IConsoleMessage message)
    {
        if (message.Type is "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            _faults.Enqueue(message.Text);
        }
    }

    private void See(IRequest request, Uri home)
    {
        Requests.Enqueue(request);
        if (new Uri(request.Url) is { Scheme: "http" or "https" } asked && asked.Authority != home.Authority && asked.Authority != Elsewhere?.Authority)
        {
            _faults.Enqueue($"It asked for {request.Url}");
        }
    }
}

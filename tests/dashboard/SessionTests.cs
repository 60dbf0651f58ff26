using Freeway.Dashboard.Tests.Support;
using Microsoft.Playwright;
using static Freeway.Dashboard.Tests.Support.Visit;

namespace Freeway.Dashboard.Tests;

/// <summary>Keys, reloads, the back button, and a server that goes away.</summary>
public sealed class SessionTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task WrongKey_IsTold_AndNothingIsShown()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync("fwk_nobody");

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("invalid api key");
        await Expect(visit.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Key_IsForgottenOnReload_UnlessTheTabIsToKeepIt()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Activity");
        visit.Page.Url.ShouldNotContain(site.ApiKey);
        await visit.Page.ReloadAsync();
        await Expect(visit.Button("Sign in")).ToBeVisibleAsync();

        await visit.SignInAsync(site.ApiKey, keep: true);
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Activity" })).ToBeVisibleAsync();
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Activity" })).ToBeVisibleAsync();

        await visit.ClickAsync("Sign out");
        await visit.Page.ReloadAsync();
        await Expect(visit.Button("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Back_GoesToThePageBefore()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Usage");
        await visit.GoAsync("Models");
        await visit.Page.GoBackAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Usage" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task KeyThatIsDisabled_SignsNobodyInAnyMore()
    {
        await site.OrderAsync("orgs", new { id = "closed" });
        var key = (await site.OrderAsync("orgs/closed/keys", new { disabled = true })).GetProperty("secret").GetString()!;
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(key);

        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("disabled");
    }

    [Fact]
    public async Task KeyThatIsTakenAway_SignsItsReaderOut()
    {
        await site.OrderAsync("orgs", new { id = "leaving" });
        var key = (await site.OrderAsync("orgs/leaving/keys", new { id = "robot" })).GetProperty("secret").GetString()!;
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(key);
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Limits" })).ToBeVisibleAsync();

        using (var admin = site.Client(site.AdminKey))
        {
            (await admin.DeleteAsync("api/v1/admin/orgs/leaving/keys/robot")).EnsureSuccessStatusCode();
        }

        await Expect(visit.Button("Sign in")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task PageThatIsHidden_AsksForNothing_UntilItIsSeenAgain()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.Page.Clock.InstallAsync();
        await visit.Page.ReloadAsync();
        await visit.SignInAsync(site.ApiKey);
        await Expect(visit.Card("What binds this key")).ToContainTextAsync("used");

        await visit.Page.EvaluateAsync(Show("true"));
        var asked = visit.Requests.Count;
        await visit.Page.Clock.RunForAsync(60_000);
        visit.Requests.Count.ShouldBe(asked);

        await visit.Page.RunAndWaitForRequestAsync(() => visit.Page.EvaluateAsync(Show("false")), "**/api/v1/key");
    }

    [Fact]
    public async Task Keyboard_Alone_SignsInAndWalksThePages()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.TypeAsync(site.ApiKey);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Limits" })).ToBeVisibleAsync();

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Usage" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Usage" })).ToBeVisibleAsync();
        await visit.Button("As a table").First.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Space");
        await Expect(visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Day" })).ToBeVisibleAsync();
    }

    /// <summary>What the browser does when its tab goes to the back, or comes to the front.</summary>
    private static string Show(string hidden) =>
        $$"""
        () => {
          Object.defineProperty(document, 'hidden', { value: {{hidden}}, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """;

    [Fact]
    public async Task ServerThatGoesAway_IsTold_AndIsThereAgainByItself()
    {
        // It has a Freeway of its own: the others go on with theirs.
        var alone = new Site();
        await alone.InitializeAsync();
        try
        {
            await using var visit = await Visit.BeginAsync(alone);
            await visit.SignInAsync(alone.ApiKey);
            await Expect(visit.Card("What binds this key")).ToContainTextAsync("10 of 10 used");

            await alone.GoAwayAsync();
            await Expect(visit.Page.GetByText("Connection lost")).ToBeVisibleAsync();
            // What was known is still shown.
            await Expect(visit.Card("What binds this key")).ToContainTextAsync("10 of 10 used");

            await alone.ReturnAsync();
            await Expect(visit.Page.GetByText("Connection lost")).ToBeHiddenAsync();
        }
        finally
        {
            await alone.DisposeAsync();
        }
    }
}

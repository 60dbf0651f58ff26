using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Freeway.Dashboard.Tests.Support;
using Freeway.FrontDoor.Tests.Support;
using Microsoft.Playwright;
using static Freeway.Dashboard.Tests.Support.Visit;

namespace Freeway.Dashboard.Tests;

/// <summary>An operator's day, without curl.</summary>
public sealed partial class OperatorTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Organisation_IsCreated_GetsAKeyThatIsShownOnce_AndCredit()
    {
        await using var visit = await BeginAsync("Organisations");
        await visit.ClickAsync("New organisation");
        await visit.Dialog.GetByLabel("Id").FillAsync("newcomer");
        await visit.ConfirmAsync("Create");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "newcomer" })).ToBeVisibleAsync();
        await Expect(visit.Card("Keys")).ToContainTextAsync("No key yet");

        await visit.ClickAsync("New key");
        await visit.Dialog.GetByLabel("Id").FillAsync("robot");
        await visit.Dialog.GetByLabel("Requests a day").FillAsync("2");
        await visit.ConfirmAsync("Create key");
        var secret = await visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "The secret" }).InnerTextAsync();
        (await site.ChatAsync("demo/echo:free", key: secret)).ShouldBe(200);
        await visit.Dialog.GetByLabel("Close").ClickAsync();
        await Expect(visit.Card("Keys")).ToContainTextAsync("2 requests a day");
        (await visit.Page.ContentAsync()).ShouldNotContain(secret);

        (await site.ChatAsync("demo/echo", key: secret)).ShouldBe((int)HttpStatusCode.PaymentRequired);
        await visit.ClickAsync("Top up");
        await visit.Dialog.GetByLabel("Amount in USD").FillAsync("7.50");
        await visit.ConfirmAsync("Add credit");
        await Expect(visit.Card("Account")).ToContainTextAsync("$7.50");
        (await site.ChatAsync("demo/echo", key: secret)).ShouldBe(200);
    }

    [Fact]
    public async Task SpendCeilingOfAKey_IsSet_AndShownWithWhatIsSpentOfIt_ToOperatorAndCaller()
    {
        await site.OrderAsync("orgs", new { id = "frugal" });
        var secret = (await site.OrderAsync("orgs/frugal/keys", new { id = "robot" })).GetProperty("secret").GetString()!;
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "frugal" }).ClickAsync();
        await visit.ClickAsync("Top up");
        await visit.Dialog.GetByLabel("Amount in USD").FillAsync("7.50");
        await visit.ConfirmAsync("Add credit");
        var keys = visit.Card("Keys");
        await keys.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await visit.Dialog.GetByLabel("Monthly ceiling in USD").FillAsync("2.5");
        await visit.ConfirmAsync("Change");
        await Expect(keys).ToContainTextAsync("$2.50");
        (await site.ChatAsync("demo/echo", key: secret)).ShouldBe(200);

        await keys.GetByRole(AriaRole.Button, new() { Name = "Limits" }).ClickAsync();
        var ceiling = visit.Dialog.GetByRole(AriaRole.Meter, new() { NameRegex = CeilingOfKey() });
        await Expect(ceiling).ToBeVisibleAsync();
        await Expect(visit.Dialog).ToContainTextAsync("of $2.50 used");
        await Expect(visit.Dialog.Locator(".countdown").First).ToBeVisibleAsync();

        await using var caller = await Visit.BeginAsync(site);
        await caller.SignInAsync(secret);
        await Expect(caller.Card("What binds this key").GetByRole(AriaRole.Meter, new() { NameRegex = CeilingOfKey() }))
            .ToBeVisibleAsync();
        await Expect(caller.Page.GetByText("Spent this month")).ToBeVisibleAsync();
        await Expect(caller.Page.GetByText("of $2.50", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Dialog_OpenedInTheMomentInWhichAnotherCloses_Stays()
    {
        await site.OrderAsync("orgs", new { id = "hasty" });
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "hasty" }).ClickAsync();
        await visit.ClickAsync("Top up");
        await Expect(visit.Dialog.GetByLabel("Amount in USD")).ToBeVisibleAsync();

        // The browser tells of the end of the first only after this click.
        await visit.Page.EvaluateAsync("""
            () => new Promise(done => {
              const dialog = document.querySelector('dialog');
              const next = [...document.querySelectorAll('button')].find(button => button.textContent.trim() === 'New key');
              new MutationObserver(() => dialog.open || (next.click(), dialog.addEventListener('close', () => done(), { once: true })))
                .observe(dialog, { attributeFilter: ['open'] });
              dialog.querySelector('[aria-label=Close]').click();
            })
            """);

        await Expect(visit.Dialog).ToContainTextAsync("A new key for hasty");
    }

    [Fact]
    public async Task Key_IsRotated_AndDisabled_OnlyAfterItWasSaidWhatHappens()
    {
        await site.OrderAsync("orgs", new { id = "rotating" });
        var old = (await site.OrderAsync("orgs/rotating/keys", new { id = "robot" })).GetProperty("secret").GetString()!;
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "rotating" }).ClickAsync();

        await visit.ClickAsync("Rotate");
        await Expect(visit.Dialog).ToContainTextAsync("The old one works on for the overlap");
        await visit.ConfirmAsync("Rotate");
        var fresh = await visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "The secret" }).InnerTextAsync();
        fresh.ShouldNotBe(old);
        await visit.Dialog.GetByLabel("Close").ClickAsync();

        await visit.Card("Keys").GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("answered 403");
        await visit.ConfirmAsync("Cancel");
        await Expect(visit.Card("Keys")).ToContainTextAsync("active");
        await visit.Card("Keys").GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await visit.ConfirmAsync("Disable");
        await Expect(visit.Card("Keys")).ToContainTextAsync("disabled");
        (await site.ChatAsync("demo/echo:free", key: fresh)).ShouldBe((int)HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Plan_IsChanged_AfterADryRunThatNamesWhomItTouches_AndTakenBack()
    {
        using var admin = site.Client(site.AdminKey);
        var catalogue = await admin.GetFromJsonAsync<JsonElement>("api/v1/admin/catalogue");
        var before = catalogue.GetProperty("active").GetProperty("version").GetInt32();
        await using var visit = await BeginAsync("Catalogue");
        var plan = visit.Card("Plans").GetByRole(AriaRole.Row, new() { Name = "fastrouter-free" });
        await Expect(plan).ToContainTextAsync("10 requests a day");
        await plan.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        var text = visit.Dialog.GetByLabel("The plan as JSON");
        await text.FillAsync((await text.InputValueAsync()).Replace("\"amount\": 10", "\"amount\": 25", StringComparison.Ordinal));
        await visit.ConfirmAsync("Dry run");
        await Expect(visit.Dialog).ToContainTextAsync("organisations would be treated differently");
        await Expect(visit.Dialog).ToContainTextAsync("demo: fastrouter-free.daily");
        await Expect(visit.Dialog).ToContainTextAsync("25");
        await visit.ConfirmAsync("Let it count");
        await Expect(plan).ToContainTextAsync("25 requests a day");

        // The list may be a moment behind the plans: then this version still counts there, and has no button.
        await visit.Card("Versions").GetByRole(AriaRole.Row, new() { NameRegex = new($"^{before} ") })
            .GetByRole(AriaRole.Button, new() { Name = "See the difference and activate" }).ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync($"Let version {before} count?");
        await visit.ConfirmAsync("Let it count");
        await Expect(plan).ToContainTextAsync("10 requests a day");
    }

    [Fact]
    public async Task Catalogue_IsSimulatedOnAPastDay_AsAPictureAndATable()
    {
        await using var visit = await BeginAsync("Catalogue");
        var text = visit.Page.GetByLabel(new Regex("^Catalogue and presets"));
        await text.FillAsync((await text.InputValueAsync()).Replace("\"amount\": 10,", "\"amount\": 3,", StringComparison.Ordinal));
        await visit.ClickAsync("Dry run");
        await Expect(visit.Card("Dry run")).ToContainTextAsync("would be treated differently");
        await visit.Page.GetByLabel("A past day to simulate").FillAsync(site.Yesterday.ToString("O", CultureInfo.InvariantCulture));
        await visit.ClickAsync("Simulate");

        var simulation = visit.Card("Simulation");
        await Expect(simulation.GetByRole(AriaRole.Img, new() { NameRegex = WouldBe() }).First).ToBeVisibleAsync();
        await Expect(simulation.GetByRole(AriaRole.Row, new() { Name = "demo demo/echo" })).ToContainTextAsync("→");
        await visit.PictureAsync("simulation", simulation);
    }

    [Fact]
    public async Task Change_OfACatalogueThatWasChangedMeanwhile_IsNotMade()
    {
        await using var visit = await BeginAsync("Catalogue");
        var writer = visit.Card("Models").GetByRole(AriaRole.Row, new() { Name = "acme/writer" });
        await writer.GetByRole(AriaRole.Button, new() { Name = "Make free" }).ClickAsync();
        await visit.Dialog.GetByLabel("The plan of its free use").SelectOptionAsync("fastrouter-free");
        await visit.ConfirmAsync("Dry run");
        await Expect(visit.Dialog).ToContainTextAsync("free.enabled");

        await site.OrderAsync("models/acme/reader", new { name = "Acme: Another reader" }, "PATCH");
        await visit.ConfirmAsync("Let it count");

        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("precondition failed");
    }

    [Fact]
    public async Task Upstreams_ShowWhatIsLeftOfTheirFreeUse()
    {
        await using var visit = await BeginAsync("Upstreams");

        await Expect(visit.Card("loopback")).ToContainTextAsync("of 1,000 used");
        await Expect(visit.Card("groq")).ToContainTextAsync("no key: never called");
    }

    [Fact]
    public async Task Upstreams_ThatAreParked_SayWhySinceWhenAndUntilWhen()
    {
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.RouteAsync("**/api/v1/admin/upstreams", async route =>
        {
            var answer = JsonNode.Parse(await (await route.FetchAsync()).TextAsync())!;
            var (since, until) = (site.Clock.GetUtcNow(), site.Clock.GetUtcNow().AddMinutes(5));
            answer["data"]!.AsArray().Single(upstream => (string)upstream!["name"]! is "loopback")!["parked"] = new JsonObject
            {
                ["echo"] = Parked("rate_limited", 30),
                ["*"] = Parked("several_models_rate_limited", null),
            };
            await route.FulfillAsync(new() { ContentType = "application/json", Body = answer.ToJsonString() });

            JsonObject Parked(string reason, int? wait) => new()
            {
                ["reason"] = reason,
                ["status"] = 429,
                ["retry_after_seconds"] = wait,
                ["since"] = since,
                ["until"] = until,
            };
        });

        await visit.GoAsync("Upstreams");

        await Expect(visit.Card("loopback")).ToContainTextAsync("it answered 429, Retry-After 30 s");
        await Expect(visit.Card("loopback")).ToContainTextAsync("three of its models answered 429 and named no wait");
    }

    [Fact]
    public async Task Operations_TellOfClosedDaysAndBooks_AndCloseWhatIsDue()
    {
        await using var visit = await BeginAsync("Operations");

        await Expect(visit.Card("Alarms")).ToBeVisibleAsync();
        await Expect(visit.Card("Days that were closed")).ToContainTextAsync(site.Yesterday.ToString("O", CultureInfo.InvariantCulture));
        await visit.ClickAsync("Close what is due");
        await Expect(visit.Dialog).ToContainTextAsync("Run twice, it changes nothing more");
        await visit.ConfirmAsync("Close what is due");
        await Expect(visit.Dialog).ToBeHiddenAsync();
        await visit.ClickAsync("Compare");
        await Expect(visit.Card("Books")).ToContainTextAsync("Drift");
        await Expect(visit.Card("Dead letters")).ToContainTextAsync("None");
    }

    [Fact]
    public async Task Audit_ShowsWhatWasBeforeAndIsAfter()
    {
        await site.OrderAsync("orgs", new { id = "audited", name = "Audited" });
        await using var visit = await BeginAsync("Audit");

        await visit.Page.GetByLabel("Organisation").FillAsync("audited");
        await visit.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(visit.Dialog.GetByRole(AriaRole.Row, new() { Name = "name" }).First).ToContainTextAsync("Audited");
    }

    [Fact]
    public async Task ManagementKey_IsCreated_AndSignsInWithItsScope()
    {
        await using var visit = await BeginAsync("Management keys");
        await visit.ClickAsync("New management key");
        await visit.Dialog.GetByLabel("Id").FillAsync("reader");
        await visit.ConfirmAsync("Create key");
        var secret = await visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "The secret" }).InnerTextAsync();
        await visit.Dialog.GetByLabel("Close").ClickAsync();
        await visit.ClickAsync("Sign out");

        await visit.SignInAsync(secret);
        await visit.GoAsync("Organisations");
        await visit.ClickAsync("New organisation");
        await visit.Dialog.GetByLabel("Id").FillAsync("forbidden");
        await visit.ConfirmAsync("Create");
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Webhook_IsSet_ShowsItsSecretOnce_AndIsTestedAtThePressOfAButton()
    {
        await using var receiver = await SinkUpstream.StartAsync();
        await site.OrderAsync("orgs", new { id = "hooked" });
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "hooked" }).ClickAsync();
        await Expect(visit.Card("Webhook")).ToContainTextAsync("None: nobody is told");

        await visit.ClickAsync("Set a webhook");
        await visit.Dialog.GetByLabel("Address").FillAsync("ftp://nowhere");
        await visit.ConfirmAsync("Save");
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("must be an absolute https URL");
        await visit.Dialog.GetByLabel("Address").FillAsync(receiver.BaseUrl);
        await visit.ConfirmAsync("Save");
        var secret = await visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "The secret" }).InnerTextAsync();
        secret.ShouldStartWith("whsec_");
        await visit.Dialog.GetByLabel("Close").ClickAsync();
        await Expect(visit.Card("Webhook")).ToContainTextAsync(receiver.BaseUrl);
        (await visit.Page.ContentAsync()).ShouldNotContain(secret);

        await visit.ClickAsync("Send a test");
        await Expect(visit.Dialog).ToContainTextAsync("The test was delivered");
        receiver.Bytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Notices_OfTheDeployment_ShowOnOperations()
    {
        await using var receiver = await SinkUpstream.StartAsync();
        await site.OrderAsync("webhook", new { url = receiver.BaseUrl }, "PUT");
        await site.OrderAsync("orgs", new { id = "watched" });
        var key = (await site.OrderAsync("orgs/watched/keys", new { id = "robot" })).GetProperty("secret").GetString();
        for (var request = 0; request < 5; request++)
        {
            (await site.ChatAsync("demo/echo:free", key: key)).ShouldBe(200);
        }

        await using var visit = await BeginAsync("Operations");

        await Expect(visit.Card("Notices")).ToContainTextAsync("limit.reached", new() { Timeout = 30_000 });
        await Expect(visit.Card("Notices")).ToContainTextAsync("delivered", new() { Timeout = 30_000 });
    }

    private async Task<Visit> BeginAsync(string page)
    {
        var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.AdminKey);
        await visit.GoAsync(page);
        return visit;
    }

    [GeneratedRegex("^Spend ceiling of this key, usd a month$")]
    private static partial Regex CeilingOfKey();

    [GeneratedRegex(@"^would be: \d+ admitted, \d+ refused$")]
    private static partial Regex WouldBe();
}

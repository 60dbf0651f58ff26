using System.Net;
using System.Text.RegularExpressions;
using Freeway.Dashboard.Tests.Support;
using Microsoft.Playwright;
using static Freeway.Dashboard.Tests.Support.Visit;

namespace Freeway.Dashboard.Tests;

/// <summary>
/// The two ways through the whole dashboard, each in one go: a newcomer's walk and an operator's day.
/// </summary>
public sealed class WalkTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Newcomer_FromAKeyToARefusal_AndToWhatIsLeftInstead()
    {
        await site.OrderAsync("orgs", new { id = "walker", name = "Walker" });
        var key = (await site.OrderAsync("orgs/walker/keys", new { label = "First key" })).GetProperty("secret").GetString()!;
        await using var visit = await Visit.BeginAsync(site);

        // What there is, and how it is called.
        await visit.SignInAsync(key);
        await Expect(visit.Card("What binds this key")).ToContainTextAsync("0 of 10 used");
        await Expect(visit.Card("Refused in the last 24 hours")).ToContainTextAsync("Nothing was refused");
        await visit.GoAsync("Activity");
        await Expect(visit.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(0);
        await visit.GoAsync("Models");
        await Expect(visit.Page.GetByRole(AriaRole.Row, new() { Name = "demo/echo" })).ToContainTextAsync("Free");
        await visit.GoAsync("Connect");
        await Expect(visit.Card("curl").First).ToContainTextAsync(site.Host.Url.ToString());

        // The first request, and what it took.
        await visit.GoAsync("Try it");
        await visit.Page.GetByLabel("Model", new() { Exact = true }).FillAsync("demo/echo:free");
        await visit.Page.GetByLabel("Message").FillAsync("my first words");
        await visit.ClickAsync("Send");
        await Expect(visit.Card("The model's answer")).ToHaveTextAsync("my first words");
        await Expect(visit.Card("What it took")).ToContainTextAsync("free");
        await visit.GoAsync("Limits");
        await Expect(visit.Card("What binds this key")).ToContainTextAsync("1 of 10 used");

        // The eleventh is refused: why, until when, and what there is instead.
        for (var request = 1; request < 10; request++)
        {
            (await site.ChatAsync("demo/echo:free", key: key)).ShouldBe(200);
        }

        await visit.GoAsync("Try it");
        await visit.Page.GetByLabel("Model", new() { Exact = true }).FillAsync("demo/echo:free");
        await visit.ClickAsync("Send");
        await Expect(visit.Card("Answer").GetByRole(AriaRole.Alert)).ToContainTextAsync("free quota exceeded");
        await Expect(visit.Card("Answer")).ToContainTextAsync("It is whole again in");
        await visit.Card("Answer").GetByRole(AriaRole.Button, new() { Name = "acme/reader:free" }).ClickAsync();
        await visit.Page.GetByLabel("Message").FillAsync("still here");
        await visit.ClickAsync("Send");
        await Expect(visit.Card("The model's answer")).ToHaveTextAsync("still here");

        // All of it is in the books, and the key nowhere in the page.
        await visit.GoAsync("Activity");
        await Expect(visit.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(12);
        await visit.GoAsync("Usage");
        await Expect(visit.Card("Sums").GetByRole(AriaRole.Row, new() { Name = "demo/echo" })).ToContainTextAsync("10");
        await Expect(visit.Card("Refusals by reason, last 30 days").GetByRole(AriaRole.Img))
            .ToHaveAccessibleNameAsync(new Regex("free quota exceeded 1 refusals"));
        (await visit.Page.ContentAsync()).ShouldNotContain(key);
        await visit.ClickAsync("Sign out");
        await Expect(visit.Button("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Operator_OneDay_FromTheMorningsLookToTheAuditAtItsEnd()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.AdminKey);

        // In the morning: what stands out, was yesterday closed?
        await Expect(visit.Card("Alarms")).ToBeVisibleAsync();
        await visit.ClickAsync("Close what is due");
        await visit.ConfirmAsync("Close what is due");
        await Expect(visit.Dialog).ToBeHiddenAsync();
        await Expect(visit.Card("Days that were closed").GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await visit.GoAsync("Upstreams");
        await Expect(visit.Card("loopback")).ToContainTextAsync("of 1,000 used");

        // A customer comes.
        await visit.GoAsync("Organisations");
        await visit.ClickAsync("New organisation");
        await visit.Dialog.GetByLabel("Id").FillAsync("customer");
        await visit.ConfirmAsync("Create");
        await visit.ClickAsync("New key");
        await visit.Dialog.GetByLabel("Id").FillAsync("robot");
        await visit.ConfirmAsync("Create key");
        var secret = await visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "The secret" }).InnerTextAsync();
        await visit.Dialog.GetByLabel("Close").ClickAsync();
        await visit.ClickAsync("Top up");
        await visit.Dialog.GetByLabel("Amount in USD").FillAsync("5");
        await visit.ConfirmAsync("Add credit");
        await Expect(visit.Card("Account")).ToContainTextAsync("$5.00");

        // Its free use is spent, and it complains.
        for (var request = 0; request < 12; request++)
        {
            (await site.ChatAsync("demo/echo:free", key: secret)).ShouldBe(request < 10 ? 200 : 429);
        }

        await visit.GoAsync("Refusals");
        await Expect(visit.Card("Refusals by reason").GetByRole(AriaRole.Row, new() { Name = "free quota exceeded" }))
            .ToContainTextAsync("customer 2");

        // More for everybody, tried before it counts.
        await visit.GoAsync("Catalogue");
        var plan = visit.Card("Plans").GetByRole(AriaRole.Row, new() { Name = "fastrouter-free" });
        await plan.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        var text = visit.Dialog.GetByLabel("The plan as JSON");
        await text.FillAsync((await text.InputValueAsync()).Replace("\"amount\": 10", "\"amount\": 11", StringComparison.Ordinal));
        await visit.ConfirmAsync("Dry run");
        await Expect(visit.Dialog).ToContainTextAsync("customer: fastrouter-free.daily");
        await visit.ConfirmAsync("Let it count");
        await Expect(plan).ToContainTextAsync("11 requests a day");
        (await site.ChatAsync("demo/echo:free", key: secret)).ShouldBe(200);
        (await site.ChatAsync("demo/echo:free", key: secret)).ShouldBe(429);

        // A key has leaked.
        await visit.GoAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "customer" }).ClickAsync();
        await visit.Card("Keys").GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await visit.ConfirmAsync("Disable");
        await Expect(visit.Card("Keys")).ToContainTextAsync("disabled");
        (await site.ChatAsync("demo/echo:free", key: secret)).ShouldBe((int)HttpStatusCode.Forbidden);

        // In the evening: what was done.
        await visit.GoAsync("Audit");
        await visit.Page.GetByLabel("Organisation").FillAsync("customer");
        foreach (var action in new[] { "org create", "key create", "credits add", "key change" })
        {
            await Expect(visit.Card("Changes").GetByRole(AriaRole.Row).Filter(new() { HasText = action }).First).ToBeVisibleAsync();
        }
    }
}

using System.Text.RegularExpressions;
using Freeway.Dashboard.Tests.Support;
using Microsoft.Playwright;
using static Freeway.Dashboard.Tests.Support.Visit;

namespace Freeway.Dashboard.Tests;

/// <summary>A newcomer's walk: from a key to what it has left, what it was refused and what it can do.</summary>
public sealed partial class CallerTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task EleventhRequest_ShowsAsARefusal_WithinFiveSeconds()
    {
        await site.OrderAsync("orgs", new { id = "eleven" });
        var key = (await site.OrderAsync("orgs/eleven/keys", new { })).GetProperty("secret").GetString()!;
        for (var request = 0; request < 10; request++)
        {
            (await site.ChatAsync("demo/echo:free", key: key)).ShouldBe(200);
        }

        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(key);
        await Expect(visit.Card("What binds this key")).ToContainTextAsync("10 of 10 used");
        await Expect(visit.Card("Refused in the last 24 hours")).ToContainTextAsync("Nothing was refused");

        (await site.ChatAsync("demo/echo:free", key: key)).ShouldBe(429);

        await Expect(visit.Card("Refused in the last 24 hours").GetByText("free quota exceeded"))
            .ToBeVisibleAsync(new() { Timeout = 5000 });
        await Expect(visit.Card("What binds this key")).ToContainTextAsync("used up");
    }

    [Fact]
    public async Task Limits_ShowBarNumbersAndARunningCountdown_AndTheDaysAsChartAndTable()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);

        var limits = visit.Card("What binds this key");
        await Expect(limits.GetByRole(AriaRole.Meter, new() { Name = "demo/echo, requests a day" })).ToBeVisibleAsync();
        await Expect(limits).ToContainTextAsync("10 of 10 used");
        await Expect(limits).ToContainTextAsync("$");
        var countdown = limits.Locator(".countdown").First;
        await Expect(countdown).ToHaveTextAsync(Clock());
        var before = await countdown.InnerTextAsync();
        await Expect(countdown).Not.ToHaveTextAsync(before);
        // Local time stands beside UTC.
        await Expect(limits.Locator("time").First).ToContainTextAsync("local");

        var days = visit.Card("Requests by day");
        await Expect(days.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(
            new Regex("Free \\d+ requests, Gifted \\d+ requests, Paid \\d+ requests"));
        await visit.ClickAsync("As a table");
        await Expect(days.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Day", "Free", "Gifted", "Paid", "Refused"]);
    }

    [Fact]
    public async Task Activity_IsFiltered_OpensToItsAttempts_AndIsSavedAsCsv()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Activity");

        var rows = visit.Page.GetByRole(AriaRole.Row);
        // The heading and a page of 25.
        await Expect(rows).ToHaveCountAsync(26);
        await visit.ClickAsync("Older");
        await Expect(visit.Page.GetByText("Page 2")).ToBeVisibleAsync();
        await visit.Page.GetByLabel("Tier").SelectOptionAsync("gift");
        await Expect(rows.Nth(1)).ToContainTextAsync("acme/writer");
        await Expect(visit.Page.GetByText("demo/echo:free")).ToHaveCountAsync(0);

        var saved = await visit.Page.RunAndWaitForDownloadAsync(() => visit.ClickAsync("CSV"));
        var csv = await File.ReadAllTextAsync(await saved.PathAsync());
        csv.ShouldStartWith("time,id,org,");
        csv.ShouldContain("acme/writer");
        csv.ShouldNotContain("demo/echo:free");

        await rows.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("loopback as writer");
        await Expect(visit.Dialog).ToContainTextAsync("starter.gift");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Dialog).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Models_ShowWhatIsFree_AndWhatOneRequestWouldTakeNow()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Models");

        var reader = visit.Page.GetByRole(AriaRole.Row, new() { Name = "acme/reader" });
        await Expect(reader).ToContainTextAsync("Free");
        await Expect(reader).ToContainTextAsync("1 request fastrouter-free.daily");
        await Expect(visit.Page.GetByRole(AriaRole.Row, new() { Name = "demo/echo" })).ToContainTextAsync("free quota exceeded");
    }

    [Fact]
    public async Task TryIt_StreamsTheAnswer_AndShowsWhatItTook()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Try it");
        await visit.Page.GetByLabel("Model", new() { Exact = true }).FillAsync("acme/reader:free");
        await visit.Page.GetByLabel("Message").FillAsync("one two three four");
        await visit.ClickAsync("Send");

        await Expect(visit.Card("The model's answer")).ToHaveTextAsync("one two three four");
        await Expect(visit.Card("What it took")).ToContainTextAsync("free");
        await Expect(visit.Card("Headers")).ToContainTextAsync("x-freeway-tier");

        await visit.Page.GetByLabel("Model", new() { Exact = true }).FillAsync("demo/echo:free");
        await visit.ClickAsync("Send");
        await Expect(visit.Card("Answer").GetByRole(AriaRole.Alert)).ToContainTextAsync("free quota exceeded");
        await Expect(visit.Card("Answer")).ToContainTextAsync("It is whole again in");
        // A refusal names what could be had instead.
        await visit.Card("Answer").GetByRole(AriaRole.Button, new() { Name = "acme/reader:free" }).ClickAsync();
        await Expect(visit.Page.GetByLabel("Model", new() { Exact = true })).ToHaveValueAsync("acme/reader:free");
    }

    [Fact]
    public async Task Snippets_HaveTheReadersAddress()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Connect");

        foreach (var client in new[] { "curl", "Python", "JavaScript", "C#" })
        {
            await Expect(visit.Card(client).First).ToContainTextAsync($"{site.Host.Url}api/v1");
        }

        (await visit.Page.ContentAsync()).ShouldNotContain(site.ApiKey);
    }

    [Fact]
    public async Task Usage_IsSummedAsTheReaderLikes()
    {
        await using var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.ApiKey);
        await visit.GoAsync("Usage");

        await visit.Page.GetByLabel("Divided by").SelectOptionAsync("tier");
        await Expect(visit.Card("Sums").GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync(new Regex("free|gift|paid"));
        await Expect(visit.Card("Refusals by reason, last 30 days").GetByRole(AriaRole.Img))
            .ToHaveAccessibleNameAsync(new Regex("model not found \\d+ refusals"));
    }

    [GeneratedRegex(@"^(\d\d:)?\d\d:\d\d$")]
    private static partial Regex Clock();
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Freeway.Dashboard.Tests.Support;
using Microsoft.Playwright;
using static Freeway.Dashboard.Tests.Support.Visit;

namespace Freeway.Dashboard.Tests;

/// <summary>
/// What an operator looks after from time to time: refusals, lists of upstreams, presets, old activity.
/// </summary>
public sealed class OperatorPagesTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Refusals_OfAllOrganisations_ShowByReasonOverTime_AndWhoWasRefusedMost()
    {
        foreach (var (org, times) in new[] { ("loud", 3), ("quiet", 1) })
        {
            var key = await NewKeyAsync(org);
            for (var request = 0; request < times; request++)
            {
                (await site.ChatAsync("demo/echo", key: key)).ShouldBe((int)HttpStatusCode.PaymentRequired);
            }
        }

        await using var visit = await BeginAsync("Refusals");

        var refused = visit.Card("Refusals by reason");
        var spent = refused.GetByRole(AriaRole.Row, new() { Name = "insufficient credits" });
        await Expect(spent).ToContainTextAsync("loud 3, quiet 1");
        await Expect(refused.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(
            new Regex("^Refusals by reason and hour: .*insufficient credits 4 refusals"));
        await visit.ClickAsync("As a table");
        await Expect(refused.GetByRole(AriaRole.Columnheader, new() { Name = "Hour (UTC)" })).ToBeVisibleAsync();

        await visit.Page.GetByLabel("Over").SelectOptionAsync("day");
        // A model that nobody has is asked for on each of the site's seven days.
        await Expect(refused.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(
            new Regex("^Refusals by reason and day: .*model not found 7 refusals"));
        var saved = await visit.Page.RunAndWaitForDownloadAsync(() => visit.ClickAsync("CSV"));
        (await File.ReadAllTextAsync(await saved.PathAsync())).ShouldStartWith("period,code,limit,count,orgs");
        await spent.GetByRole(AriaRole.Link, new() { Name = "loud" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "loud", Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Upstream_ListsAModelThatIsNew_ItIsAddedAfterADryRun()
    {
        await using var visit = await BeginAsync("Upstreams");
        var loopback = visit.Card("loopback");
        await loopback.GetByRole(AriaRole.Button, new() { Name = "Compare its models with the catalogue" }).ClickAsync();
        await Expect(loopback.GetByRole(AriaRole.Row, new() { Name = "reader" })).ToContainTextAsync("not listed there any more");

        await loopback.GetByRole(AriaRole.Row, new() { Name = "newcomer" }).GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await visit.ConfirmAsync("Dry run");
        await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("context_length");
        var text = visit.Dialog.GetByLabel("The model as JSON");
        var entry = JsonNode.Parse(await text.InputValueAsync())!.AsObject();
        entry["context_length"] = 8192;
        entry["usd_per_million_tokens"] = new JsonObject { ["input"] = 1, ["output"] = 2 };
        await text.FillAsync(entry.ToJsonString());
        await visit.ConfirmAsync("Dry run");
        await Expect(visit.Dialog).ToContainTextAsync("model loopback/newcomer");
        await visit.ConfirmAsync("Let it count");

        await Expect(loopback.GetByRole(AriaRole.Row, new() { Name = "newcomer" })).ToHaveCountAsync(0);
        (await site.ChatAsync("loopback/newcomer")).ShouldBe(200);
    }

    [Fact]
    public async Task Upstream_ListsAnotherContext_ItIsTakenOverAfterADryRun()
    {
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.RouteAsync("**/admin/upstreams/loopback/models", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """
                {"object":"list","next_cursor":null,"data":[{"change":"changed","upstream_model":"writer","models":["acme/writer"],
                "fields":[{"model":"acme/writer","field":"context_length","catalogue":65536,"upstream":4096},
                {"model":"acme/writer","field":"usd_per_million_tokens.input","catalogue":1,"upstream":3}]}]}
                """,
        }));
        await visit.GoAsync("Upstreams");
        await visit.Card("loopback").GetByRole(AriaRole.Button, new() { Name = "Compare its models with the catalogue" }).ClickAsync();
        await Expect(visit.Card("loopback")).ToContainTextAsync("context length 65536 → 4096; usd per million tokens input 1 → 3");

        await visit.ClickAsync("Take over for acme/writer");
        await Expect(visit.Dialog).ToContainTextAsync("context_length");
        await Expect(visit.Dialog).ToContainTextAsync("4096");
        await visit.ConfirmAsync("Let it count");
        await Expect(visit.Dialog).ToBeHiddenAsync();

        using var admin = site.Client(site.AdminKey);
        var model = JsonDocument.Parse(await admin.GetStringAsync("api/v1/admin/models/acme%2Fwriter")).RootElement.GetProperty("entry");
        model.GetProperty("context_length").GetInt32().ShouldBe(4096);
        model.GetProperty("usd_per_million_tokens").GetProperty("input").GetInt32().ShouldBe(3);
        model.GetProperty("usd_per_million_tokens").GetProperty("output").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Presets_AreListed_WithThoseThatAreUsed()
    {
        await using var visit = await BeginAsync("Catalogue");
        await visit.Card("Presets").GetByText("are used").ClickAsync();

        await Expect(visit.Card("Presets").GetByRole(AriaRole.Row, new() { Name = "fastrouter used" }).First).ToBeVisibleAsync();
        await Expect(visit.Card("Presets").GetByRole(AriaRole.Row, new() { Name = "lunos" }).First).Not.ToContainTextAsync("used");
    }

    [Fact]
    public async Task OldActivity_IsCountedFirst_AndTakenAwayOnlyAfterItWasSaidWhatGoes()
    {
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.RouteAsync("**/api/v1/admin/purges", async route =>
        {
            var answer = JsonNode.Parse(await (await route.FetchAsync()).TextAsync())!;
            answer["records"] = 1200;
            answer["refusals"] = 1;
            await route.FulfillAsync(new() { ContentType = "application/json", Body = answer.ToJsonString() });
        });
        await visit.GoAsync("Operations");

        await visit.ClickAsync("Count what is old");
        await Expect(visit.Card("Old activity")).ToContainTextAsync("Old records1,200");
        await visit.ClickAsync("Take it away");
        await Expect(visit.Dialog).ToContainTextAsync("1,200 records, 1 count of refusals and 0 running sums from before");
        await visit.ConfirmAsync("Take it away");

        await Expect(visit.Card("Old activity")).ToContainTextAsync("Records taken away1,200");
        await Expect(visit.Button("Take it away")).ToHaveCountAsync(0);
        visit.Requests.Where(request => request.Url.EndsWith("/purges", StringComparison.Ordinal)).Select(request => request.PostData)
            .ShouldBe(["""{"dry_run":true}""", """{"dry_run":false}"""]);
    }

    [Fact]
    public async Task OldActivity_WhereThereIsNone_OffersNothingToTakeAway()
    {
        await using var visit = await BeginAsync("Operations");

        await visit.ClickAsync("Count what is old");

        await Expect(visit.Card("Old activity")).ToContainTextAsync("Old records0");
        await Expect(visit.Button("Take it away")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Organisation_IsTakenAway_AndBroughtBack()
    {
        var key = await NewKeyAsync("moving");
        await using var visit = await BeginAsync("Organisations");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "moving" }).ClickAsync();

        await visit.ClickAsync("Take away");
        await Expect(visit.Dialog).ToContainTextAsync("answered 401");
        await visit.ConfirmAsync("Take away");
        await Expect(visit.Button("Bring back")).ToBeVisibleAsync();
        (await site.ChatAsync("demo/echo:free", key: key)).ShouldBe((int)HttpStatusCode.Unauthorized);

        await visit.ClickAsync("Bring back");
        await visit.ConfirmAsync("Bring back");
        await Expect(visit.Button("Take away")).ToBeVisibleAsync();
        // A key that is not known is not looked for again for five seconds.
        site.Clock.MoveOn(TimeSpan.FromSeconds(6));
        (await site.ChatAsync("demo/echo:free", key: key)).ShouldBe(200);
    }

    [Fact]
    public async Task ManagementKey_IsDeleted_AndKnownNoMore()
    {
        var made = await site.OrderAsync("management-keys", new { id = "temp", scopes = new[] { "read" } });
        await using var visit = await BeginAsync("Management keys");

        await visit.Page.GetByRole(AriaRole.Row, new() { Name = "temp" }).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await visit.ConfirmAsync("Delete");
        await Expect(visit.Page.GetByRole(AriaRole.Row, new() { Name = "temp" })).ToHaveCountAsync(0);

        using var temp = site.Client(made.GetProperty("secret").GetString());
        using var answer = await temp.GetAsync("api/v1/admin/orgs");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string> NewKeyAsync(string org)
    {
        await site.OrderAsync("orgs", new { id = org });
        return (await site.OrderAsync($"orgs/{org}/keys", new { })).GetProperty("secret").GetString()!;
    }

    private async Task<Visit> BeginAsync(string page)
    {
        var visit = await Visit.BeginAsync(site);
        await visit.SignInAsync(site.AdminKey);
        await visit.GoAsync(page);
        return visit;
    }
}

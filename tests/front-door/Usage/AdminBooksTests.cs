using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>The books through the operator's doors: looked up, compared, repaired, purged.</summary>
public sealed class AdminBooksTests
{
    [Fact]
    public async Task Operator_OfAnOrg_SeesWhatItsKeysSee()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await gateway.SpendAsync("demo/echo:free");
        using (await gateway.ChatAsync("demo/echo:free"))
        {
        }

        await gateway.ActivityAsync(10);
        await gateway.Host.Services.GetRequiredService<RefusalCounter>().WriteAsync(default);

        foreach (var list in new[] { "activity?limit=3", "usage?group=model", "refusals" })
        {
            (await gateway.GetAsync($"api/v1/admin/orgs/demo/{list}", admin)).GetRawText().ShouldBe((await gateway.GetAsync($"api/v1/{list}")).GetRawText());
        }

        (await gateway.CsvAsync("api/v1/admin/orgs/demo/activity", admin)).Count.ShouldBe(10);
        var shared = (await gateway.GetAsync("api/v1/admin/orgs/demo/quota", admin)).GetProperty("data").EnumerateArray().ToList();
        shared.Single(limit => limit.GetProperty("id").GetString() is "fastrouter-free.daily" && limit.GetProperty("model").GetString() is "demo/echo")
            .GetProperty("remaining").GetInt64().ShouldBe(0);
        using var nobody = await admin.GetAsync("api/v1/admin/orgs/nobody/activity");
        (await nobody.ErrorAsync(HttpStatusCode.NotFound)).GetProperty("param").GetString().ShouldBe("org");
        using var wrong = await admin.GetAsync("api/v1/admin/orgs/demo/usage?limit=0&by=week");
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetArrayLength().ShouldBe(2, "all that is wrong at once");
        using var key = await gateway.Http.GetAsync("api/v1/admin/orgs/demo/usage");
        key.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Reconciliation_OfBooksThatAreRight_FindsNoDrift()
    {
        await using var gateway = await TestGateway.StartAsync();
        await WorkAsync(gateway);
        using var admin = gateway.Client(gateway.Host.AdminKey);

        var report = await SettledAsync(gateway, admin);

        report.GetProperty("drift").GetInt32().ShouldBe(0, report.GetRawText());
        report.GetProperty("checked").GetInt32().ShouldBeGreaterThanOrEqualTo(4);
        (report.GetProperty("from").GetString(), report.GetProperty("to").GetString()).ShouldBe(("2026-05-28", "2026-05-29"));
    }

    [Fact]
    public async Task Reconciliation_OfACounterThatIsWrong_TellsRepairsAndLeavesAnAudit()
    {
        await using var gateway = await TestGateway.StartAsync();
        await WorkAsync(gateway);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await SettledAsync(gateway, admin);
        var row = (await gateway.LedgerAsync("quota|fastrouter-free.daily")).Single();
        var right = row.GetInt64("Used")!.Value;
        row["Used"] = right + 4;
        await gateway.Table(names => names.Ledger).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        var found = await gateway.GetAsync("api/v1/admin/reconciliations?org=demo", admin);
        var repaired = await PostAsync(gateway, admin, "api/v1/admin/reconciliations", """{"org":"demo","repair":true}""", "repair-1");
        var again = await PostAsync(gateway, admin, "api/v1/admin/reconciliations", """{"org":"demo","repair":true}""", "repair-1");

        found.GetProperty("drift").GetInt32().ShouldBe(1);
        var difference = found.GetProperty("differences")[0];
        (difference.GetProperty("book").GetString(), difference.GetProperty("stored").GetInt64(), difference.GetProperty("expected").GetInt64()).ShouldBe(("counter", right + 4, right));
        (repaired.GetProperty("drift").GetInt32(), repaired.GetProperty("repaired").GetInt32()).ShouldBe((1, 1));
        again.GetProperty("drift").GetInt32().ShouldBe(0);
        (await gateway.LedgerAsync("quota|fastrouter-free.daily")).Single().GetInt64("Used").ShouldBe(right);
        var audit = await gateway.Host.Services.GetRequiredService<Gateway.Identity.IAuditLog>().ListAsync(new Gateway.Identity.AuditQuery(100), default);
        var noted = audit.Records.Where(record => record.Action.StartsWith("books.", StringComparison.Ordinal)).ToList();
        noted.Select(record => record.Action).ShouldBe(["books.repaired", "books.repair"]);
        noted[0].Before!.ShouldContain($"{right + 4}");
        noted[0].After!.ShouldContain($"{right}");
    }

    [Fact]
    public async Task Closing_OfADay_ComparesTheBooksAndTellsTheDrift()
    {
        await using var gateway = await TestGateway.StartAsync(runTimers: false);
        await WorkAsync(gateway);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        await SettledAsync(gateway, admin);
        gateway.Clock.MoveTo(new DateTimeOffset(2026, 5, 30, 0, 0, 30, TimeSpan.Zero));
        var last = gateway.Host.Services.GetRequiredService<Gateway.Operations.Reconciliation.LastReconciliation>();

        await gateway.Host.RunTimerAsync("DailyReset");

        last.Report!.Drift.ShouldBe(0);
        last.Report.From.ShouldBe(new DateOnly(2026, 5, 29));
        var usage = gateway.Table(names => names.Usage);
        var row = await usage.QueryAsync<TableEntity>().FirstAsync();
        row["Requests"] = 99L;
        await usage.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        await gateway.Host.RunTimerAsync("DailyReset");
        last.Report.Drift.ShouldBe(1);
        (await PostAsync(gateway, admin, "api/v1/admin/reconciliations", """{"repair":true}""")).GetProperty("repaired").GetInt32().ShouldBe(1);
        (await gateway.GetAsync("api/v1/admin/reconciliations", admin)).GetProperty("drift").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Purge_OfOldActivity_TakesRecordsAndLeavesTheSums()
    {
        await using var gateway = await TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:ActivityMonths"] = "2" }, runTimers: false);
        using var admin = gateway.Client(gateway.Host.AdminKey);
        var store = gateway.Host.Services.GetRequiredService<IActivityStore>();
        await store.AppendAsync("demo", [.. Enumerable.Range(0, 40).Select(i => ActivitySamples.Record(i, TestGateway.Noon.AddDays(-4 * i), org: "demo"))], default);
        var before = (await gateway.GetAsync("api/v1/usage?by=month")).GetRawText();

        var counted = await PostAsync(gateway, admin, "api/v1/admin/purges", """{"dry_run":true}""");
        var kept = await gateway.CsvAsync("api/v1/activity");
        var purged = await PostAsync(gateway, admin, "api/v1/admin/purges", "{}");

        (counted.GetProperty("kept_from").GetString(), counted.GetProperty("dry_run").GetBoolean()).ShouldBe(("2026-03-01", true));
        kept.Count.ShouldBe(40);
        purged.GetProperty("records").GetInt64().ShouldBe(counted.GetProperty("records").GetInt64());
        purged.GetProperty("records").GetInt64().ShouldBeGreaterThan(0);
        var left = await gateway.CsvAsync("api/v1/activity");
        left.Count.ShouldBe(40 - (int)purged.GetProperty("records").GetInt64());
        left.ShouldAllBe(row => string.CompareOrdinal(row["time"], "2026-03-01") >= 0);
        (await gateway.GetAsync("api/v1/usage?by=month")).GetRawText().ShouldBe(before);
        (await PostAsync(gateway, admin, "api/v1/admin/purges", "{}")).GetProperty("months").GetInt32().ShouldBe(0);
        // These records were written past the ledger and past every closing: a repair brings both up to them.
        var repaired = await PostAsync(gateway, admin, "api/v1/admin/reconciliations", """{"days":400,"repair":true}""");
        repaired.GetProperty("from").GetString().ShouldBe("2026-03-01", "there are no records before");
        repaired.GetProperty("repaired").GetInt32().ShouldBe(repaired.GetProperty("drift").GetInt32());
        (await gateway.GetAsync("api/v1/admin/reconciliations?days=400", admin)).GetProperty("drift").GetInt32().ShouldBe(0);
        using var wrong = await SendAsync(admin, "api/v1/admin/purges", """{"dryrun":true}""", null);
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("dryrun");
    }

    [Fact]
    public async Task Purge_ByTheDailyClosing_TakesWhatIsTooOld()
    {
        await using var gateway = await TestGateway.StartAsync(settings: new Dictionary<string, string?> { ["Freeway:ActivityMonths"] = "1" }, runTimers: false);
        var store = gateway.Host.Services.GetRequiredService<IActivityStore>();
        await store.AppendAsync("demo", [ActivitySamples.Record(1, TestGateway.Noon.AddMonths(-3), org: "demo"), ActivitySamples.Record(2, TestGateway.Noon, org: "demo")], default);

        await gateway.Host.RunTimerAsync("DailyReset");

        (await gateway.CsvAsync("api/v1/activity")).ShouldHaveSingleItem()["id"].ShouldBe("r000002");
        (await gateway.GetAsync("api/v1/usage?by=month")).GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    private static async Task WorkAsync(TestGateway gateway)
    {
        await gateway.SpendAsync("demo/echo:free", times: 6);
        await gateway.SpendAsync("demo/paid", times: 3);
        await gateway.ActivityAsync(9);
    }

    /// <summary>The books once nothing is under way any more.</summary>
    private static Task<JsonElement> SettledAsync(TestGateway gateway, HttpClient admin) => Eventually.GetAsync(
        () => gateway.GetAsync("api/v1/admin/reconciliations", admin),
        report => report.GetProperty("in_flight").GetInt32() + report.GetProperty("busy").GetInt32() is 0);

    private static async Task<JsonElement> PostAsync(TestGateway gateway, HttpClient admin, string path, string json, string? once = null)
    {
        using var response = await SendAsync(admin, path, json, once);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient admin, string path, string json, string? once)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (once is not null)
        {
            request.Headers.Add("Idempotency-Key", once);
        }

        return admin.SendAsync(request);
    }
}

using System.Net;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.Usage;

/// <summary>The activity as CSV: all of it, however long, and never a file that ends early and looks whole.</summary>
public sealed class ActivityCsvTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1";

    [Fact]
    public async Task Csv_OfTheActivity_HasWhatTheListHas()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 2);
        await gateway.SpendAsync("demo/paid", times: 1);
        var records = await gateway.ActivityAsync(3);

        var rows = await gateway.CsvAsync("api/v1/activity");

        rows.Select(row => row["id"]).ShouldBe(records.Select(record => record.GetProperty("id").GetString()));
        foreach (var (row, record) in rows.Zip(records))
        {
            foreach (var (column, value) in row)
            {
                value.ShouldBe(record.TryGetProperty(column, out var member) ? member.ToString().Replace("True", "true").Replace("False", "false") : "", column);
            }
        }

        rows.Select(row => row["time"]).ShouldBe(rows.Select(row => row["time"]).OrderDescending(StringComparer.Ordinal));
        rows.ShouldAllBe(row => row["time"].Length == "2026-05-29T12:00:00.000Z".Length);
    }

    [Fact]
    public async Task Csv_WithFiltersAndALimit_HoldsToThem()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SpendAsync("demo/echo:free", times: 3);
        await gateway.SpendAsync("demo/paid", times: 1);
        await gateway.ActivityAsync(4);

        (await gateway.CsvAsync("api/v1/activity?tier=free")).Count.ShouldBe(3);
        (await gateway.CsvAsync("api/v1/activity?limit=2")).Count.ShouldBe(2);
        (await gateway.CsvAsync("api/v1/activity?model=none")).ShouldBeEmpty();
        using var wrong = await gateway.AskCsvAsync("api/v1/activity?limit=0");
        (await wrong.ErrorAsync(HttpStatusCode.BadRequest)).GetProperty("param").GetString().ShouldBe("limit");
        using var stranger = gateway.Client("fw-nobody");
        using var unknown = await gateway.AskCsvAsync("api/v1/activity", stranger);
        (await unknown.ErrorAsync(HttpStatusCode.Unauthorized)).GetProperty("code").GetString().ShouldBe("invalid_api_key");
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil.example\",\"click\")")]
    [InlineData("+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    public async Task Csv_OfAnAppThatIsAFormula_ShowsItAsText(string app)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.PostAsync(
            """{"model":"demo/echo:free","messages":[{"role":"user","content":"hi"}]}""", headers: ("X-Title", app));
        response.EnsureSuccessStatusCode();
        (await gateway.ActivityAsync(1))[0].GetProperty("app").GetString().ShouldBe(app);

        (await gateway.CsvAsync("api/v1/activity")).Single()["app"].ShouldBe("'" + app);
    }

    [Fact]
    public async Task Csv_AskedForByHead_IsItsHeadersAlone()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "api/v1/activity") { Headers = { { "Accept", "text/csv" } } });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("activity.csv");
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/json, text/csv;q=0.5", "application/json")]
    [InlineData("text/csv;q=0", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/csv, */*;q=0.1", "text/csv")]
    public async Task List_ForAnyAccept_IsWhatIsLikedBest(string accept, string type)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "api/v1/activity") { Headers = { { "Accept", accept } } });

        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.Vary.ShouldContain("Accept");
    }

    /// <summary><c>FREEWAY_LONG=1</c> makes it 100,000.</summary>
    [Fact]
    public async Task Csv_OfManyPages_HasEveryRecordOnce()
    {
        var count = Long ? 100_000 : 2_500;
        await using var gateway = await TestGateway.StartAsync();
        await FillAsync(gateway, count);

        var rows = await gateway.CsvAsync("api/v1/activity");

        rows.Count.ShouldBe(count);
        rows.Select(row => row["id"]).Distinct().Count().ShouldBe(count);
        rows.Select(row => row["time"]).ShouldBe(rows.Select(row => row["time"]).OrderDescending(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task Csv_WithStorageLostHalfWay_BreaksOffInsteadOfEndingWell(string? encoding)
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        await FillAsync(gateway, 2_500);
        var requests = 0;
        storage.Seen = request =>
        {
            if (request.Uri.ToString().Contains("activity", StringComparison.Ordinal) && Interlocked.Increment(ref requests) is 4)
            {
                storage.Down = true;
            }
        };

        using var response = await gateway.AskCsvAsync("api/v1/activity", encoding: encoding);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);

        await Should.ThrowAsync<HttpRequestException>(async () => await response.Content.LoadIntoBufferAsync());
        storage.Down = false;
    }

    [Fact]
    public async Task Csv_WithStorageOutOfReach_IsRefusedBeforeItBegins()
    {
        using var storage = new FaultyTransport(1, FaultRates.None);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<HttpPipelineTransport>(storage));
        await gateway.GetAsync("api/v1/activity");

        storage.Down = true;
        using var response = await gateway.AskCsvAsync("api/v1/activity");

        (await response.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString().ShouldBe("quota_unavailable");
        storage.Down = false;
    }

    [Fact]
    public async Task Csv_WhoseReaderStopsReading_IsNotReadOn()
    {
        var endless = new EndlessActivity(long.MaxValue);
        await using var gateway = await TestGateway.StartAsync(services: services => services.AddSingleton<IActivityStore>(endless));

        using (var response = await gateway.AskCsvAsync("api/v1/activity"))
        {
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1000]);
        }

        // A reading that went on after its reader had left would never end.
        (await endless.Stopped.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeGreaterThan(0);
    }

    private static async Task FillAsync(TestGateway gateway, int count)
    {
        var store = gateway.Host.Services.GetRequiredService<IActivityStore>();
        for (var from = 0; from < count; from += 1000)
        {
            await store.AppendAsync(
                "demo", [.. Enumerable.Range(from, Math.Min(1000, count - from)).Select(i => ActivitySamples.Record(i, TestGateway.Noon.AddSeconds(-i), org: "demo"))], default);
        }
    }
}

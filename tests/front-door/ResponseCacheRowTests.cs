using System.Net;
using System.Text;
using Azure.Data.Tables;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests;

/// <summary>What is stored of answers, for how long, and that nobody can read it.</summary>
public sealed class ResponseCacheRowTests(CachingGateway fixture)
    : ResponseCaching(fixture), IClassFixture<CachingGateway>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnswerBeyondTheBound_IsServedAndNotStored(bool stream)
    {
        using var caller = await NewOrgAsync();

        var (_, text) = await AskAsync(caller, more: string.Concat(Enumerable.Repeat(" word", 2000)), stream: stream);

        text.Length.ShouldBeGreaterThan(CachingGateway.LongestAnswer);
        var record = (await Gateway.ActivityAsync(caller, 1)).ShouldHaveSingleItem();
        record.GetProperty("cache").GetString().ShouldBe("too_large");
        (await RowsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Row_HoldsNothingThatWasWritten()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller, more: " fortytwo");
        await StoredAsync(1);

        var row = (await RowsAsync()).Single();

        var all = string.Join('\n', row.Select(column => column.Value switch
        {
            byte[] binary => Encoding.Latin1.GetString(binary),
            var other => $"{other}",
        }));
        all.ShouldNotContain("fortytwo");
        all.ShouldNotContain("choices");
        row.GetBinary("Piece00").Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Row_ThatIsNotWhatWasStored_IsNoAnswer()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);
        var row = (await RowsAsync()).Single();
        var bytes = row.GetBinary("Piece00");
        row["Piece00"] = bytes[..^1];
        await Gateway.Table(names => names.Responses).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        (await AskAsync(caller)).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Answers_BeyondThoseOfAKey_GoOldestFirst()
    {
        using var caller = await NewOrgAsync("""{"id":"robot"}""");
        await AskAsync(caller, more: " 1", model: "acme/many:free");
        await StoredAsync(1);
        var first = (await RowsAsync()).Single().RowKey;
        await AskAsync(caller, more: " 2", model: "acme/many:free");
        await StoredAsync(2);

        await AskAsync(caller, more: " 3", model: "acme/many:free");

        await Eventually.GetAsync(RowsAsync, rows => rows.Count is 2 && rows.All(row => row.RowKey != first));
    }

    [Theory]
    [InlineData("DELETE", null)]
    [InlineData("PATCH", """{"deleted":true}""")]
    public async Task Key_Deleted_TakesItsAnswersAlong(string method, string? body)
    {
        using var caller = await NewOrgAsync("""{"id":"robot"}""");
        await AskAsync(caller);
        await StoredAsync(1);
        using var admin = Gateway.Admin();

        await admin.DoneAsync(method, $"orgs/{Org}/keys/robot", body);

        (await RowsAsync()).ShouldBeEmpty();
        using var refused = await SendAsync(caller, Body());
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Expired_IsDeletedWhenTheDayIsClosed()
    {
        using var caller = await NewOrgAsync();
        await AskAsync(caller);
        await StoredAsync(1);
        Gateway.Clock.MoveOn(TimeSpan.FromSeconds(601));
        using var admin = Gateway.Admin();

        await admin.DoneAsync("POST", "resets");

        await Eventually.GetAsync(RowsAsync, rows => rows.Count is 0);
    }
}

using Freeway.Adapters.Identity;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Identity;

public abstract class TableAuditLogTests(TablesFixture azurite)
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);

    private static readonly AuditRecord[] Records =
    [
        Record(0, "settings", Subject.OfOrg("acme")),
        Record(1, "anna", Subject.OfKey("acme", "k1")),
        Record(2, "anna", Subject.OfKey("other", "k1")),
        Record(3, "settings", Subject.OfCredits("acme")),
        // Two in one moment.
        Record(3, "anna", Subject.OfManagementKey("bert")) with { Id = "3b" },
        Record(4, "settings", Subject.OfOrg("acme")),
        Record(5, "freeway", new Subject(SubjectKind.Books, "resets")),
    ];

    [Fact]
    public async Task List_OfAllKinds_IsNewestFirst() =>
        (await IdsAsync(new AuditQuery(100))).ShouldBe(["5", "4", "3", "3b", "2", "1", "0"]);

    [Fact]
    public async Task List_Filtered_HoldsWhatFits()
    {
        (await IdsAsync(new AuditQuery(100) { Kind = SubjectKind.Org })).ShouldBe(["4", "0"]);
        (await IdsAsync(new AuditQuery(100) { Org = "acme" })).ShouldBe(["4", "3", "1", "0"]);
        (await IdsAsync(new AuditQuery(100) { Id = "k1", Kind = SubjectKind.Key })).ShouldBe(["2", "1"]);
        (await IdsAsync(new AuditQuery(100) { By = "anna" })).ShouldBe(["3b", "2", "1"]);
        (await IdsAsync(new AuditQuery(100) { By = "o'brien" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_ByTime_HoldsFromAndNotTo()
    {
        (await IdsAsync(new AuditQuery(100) { From = Noon.AddSeconds(3) })).ShouldBe(["5", "4", "3", "3b"]);
        (await IdsAsync(new AuditQuery(100) { To = Noon.AddSeconds(3) })).ShouldBe(["2", "1", "0"]);
        (await IdsAsync(new AuditQuery(100) { From = Noon.AddSeconds(1), To = Noon.AddSeconds(4) })).ShouldBe(["3", "3b", "2", "1"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task List_InPages_IsWholeAndTellsItsEnd(int limit)
    {
        var log = await WrittenAsync();
        var seen = new List<string>();
        AuditPosition? after = null;
        var pages = 0;
        do
        {
            var page = await log.ListAsync(new AuditQuery(limit) { After = after, To = Noon.AddSeconds(5) }, default);
            page.Records.Count.ShouldBeInRange(1, limit);
            seen.AddRange(page.Records.Select(record => record.Id));
            after = page.Next is { } next ? AuditPosition.FromCursor(next.ToCursor()) : null;
            pages++;
        }
        while (after is not null);

        seen.ShouldBe(["4", "3", "3b", "2", "1", "0"]);
        pages.ShouldBe((6 + limit - 1) / limit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("bm8")]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5OSBh")]
    public void Cursor_OfSomebodyElse_IsNone(string cursor) => AuditPosition.FromCursor(cursor).ShouldBeNull();

    private static AuditRecord Record(int second, string by, Subject subject) =>
        new($"{second}", Noon.AddSeconds(second), by, $"{subject.Kind.WireName()}.change", subject, """{"a":1}""", """{"a":2}""");

    private async Task<IEnumerable<string>> IdsAsync(AuditQuery query)
    {
        var page = await (await WrittenAsync()).ListAsync(query, default);
        page.Records.ShouldAllBe(record => Records.Contains(record));
        page.Next.ShouldBeNull();
        return page.Records.Select(record => record.Id);
    }

    private async Task<TableAuditLog> WrittenAsync()
    {
        var account = azurite.Account();
        var store = new TableDocumentStore(account, new Backoff(TimeProvider.System, new Random(1)));
        foreach (var record in Records)
        {
            (await store.ApplyAsync(new DocumentChange(record), default)).ShouldBeOfType<DocumentChangeOutcome.Applied>();
        }

        return new TableAuditLog(account);
    }
}

public sealed class TableAuditLogTestsOnAzurite(AzuriteFixture tables) : TableAuditLogTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableAuditLogTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableAuditLogTests(tables), IClassFixture<EmbeddedTablesFixture>;

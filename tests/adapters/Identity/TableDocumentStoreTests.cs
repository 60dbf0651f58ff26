using Freeway.Adapters.Identity;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Identity;

public abstract class TableDocumentStoreTests(TablesFixture azurite)
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly Subject Acme = Subject.OfOrg("acme");

    private int _records;

    [Fact]
    public async Task Apply_ANewDocument_IsThereWithItsRecordAndItsCommand()
    {
        var account = azurite.Account();
        var (store, log) = (Store(account), new TableAuditLog(account));
        var change = Change(Acme, """{"a":1}""") with { Once = new CommandIdempotency("key", "asked", """{"x":1}""") };

        (await store.ApplyAsync(change, default)).ShouldBeOfType<DocumentChangeOutcome.Applied>();

        var found = (await store.FindAsync(Acme, default))!;
        (found.Subject, found.Json, found.Revision).ShouldBe((Acme, """{"a":1}""", change.Audit.Id));
        (await log.ListAsync(new AuditQuery(10), default)).Records.ShouldBe([change.Audit]);
        (await store.FindOnceAsync(SubjectKind.Org, "key", default)).ShouldBe(new CompletedCommand(change.Once, Acme, change.Audit.Id));
        (await store.FindOnceAsync(SubjectKind.Key, "key", default)).ShouldBeNull("another kind's commands are its own");
    }

    [Fact]
    public async Task Apply_OfAnIdThatIsThere_IsLostAndLeavesNoRecord()
    {
        var account = azurite.Account();
        var store = Store(account);
        await store.ApplyAsync(Change(Acme, "1"), default);

        (await store.ApplyAsync(Change(Acme, "2"), default)).ShouldBeOfType<DocumentChangeOutcome.Lost>();

        (await store.FindAsync(Acme, default))!.Json.ShouldBe("1");
        (await new TableAuditLog(account).ListAsync(new AuditQuery(10), default)).Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Apply_TwoOnTheSameReading_OneIsLost()
    {
        var account = azurite.Account();
        var (one, other) = (Store(account), Store(azurite.Account(account.Names)));
        await one.ApplyAsync(Change(Acme, "1"), default);
        var was = await one.FindAsync(Acme, default);

        var outcomes = await Task.WhenAll(
            one.ApplyAsync(Change(Acme, "2") with { Was = was }, default),
            other.ApplyAsync(Change(Acme, "3") with { Was = was }, default));

        outcomes.Count(outcome => outcome is DocumentChangeOutcome.Applied).ShouldBe(1);
        outcomes.Count(outcome => outcome is DocumentChangeOutcome.Lost).ShouldBe(1);
        (await one.FindAsync(Acme, default))!.Json.ShouldBe(outcomes[0] is DocumentChangeOutcome.Applied ? "2" : "3");
        (await new TableAuditLog(account).ListAsync(new AuditQuery(10), default)).Records.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Apply_ACommandThatWasCarriedOut_TellsOfTheFirstAndDoesNothing()
    {
        var account = azurite.Account();
        var store = Store(account);
        var first = Change(Acme, "1") with { Once = new CommandIdempotency("key", "asked") };
        await store.ApplyAsync(first, default);

        var outcome = await store.ApplyAsync(Change(Subject.OfOrg("other"), "2") with { Once = new CommandIdempotency("key", "asked otherwise") }, default);

        outcome.ShouldBe(new DocumentChangeOutcome.Repeated(new CompletedCommand(first.Once!, Acme, first.Audit.Id)));
        (await store.FindAsync(Subject.OfOrg("other"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Apply_OneCommandFromTwoInstancesAtOnce_IsCarriedOutOnce()
    {
        var account = azurite.Account();
        var stores = Enumerable.Range(0, 6).Select(_ => Store(azurite.Account(account.Names))).ToList();

        // As where an id is made up for each try.
        var outcomes = await Task.WhenAll(stores.Select((store, index) =>
            store.ApplyAsync(Change(Subject.OfOrg($"made-up-{index}"), "1") with { Once = new CommandIdempotency("key", "asked") }, default)));

        outcomes.Count(outcome => outcome is DocumentChangeOutcome.Applied).ShouldBe(1);
        outcomes.OfType<DocumentChangeOutcome.Repeated>().Select(repeated => repeated.First.Revision).Distinct().ShouldHaveSingleItem();
        (await stores[0].ListAsync(SubjectKind.Org, null, null, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Apply_ARecordAlone_LeavesNoDocument()
    {
        var account = azurite.Account();
        var store = Store(account);
        var books = new Subject(SubjectKind.Books, "resets");

        (await store.ApplyAsync(Change(books, null), default)).ShouldBeOfType<DocumentChangeOutcome.Applied>();

        (await store.FindAsync(books, default)).ShouldBeNull();
        (await new TableAuditLog(account).ListAsync(new AuditQuery(10) { Kind = SubjectKind.Books }, default)).Records.ShouldHaveSingleItem().Subject.ShouldBe(books);
    }

    [Fact]
    public async Task Apply_ADocumentOfManyPages_ComesBackWhole()
    {
        var store = Store(azurite.Account());
        var json = '"' + new string('x', LongText.Most - 2) + '"';

        await store.ApplyAsync(Change(Acme, json), default);

        (await store.FindAsync(Acme, default))!.Json.ShouldBe(json);
        await store.ApplyAsync(Change(Acme, "1") with { Was = await store.FindAsync(Acme, default) }, default);
        (await store.FindAsync(Acme, default))!.Json.ShouldBe("1", "nothing of the longer text is left");
    }

    [Fact]
    public async Task List_OfAnOrgsKeys_IsInOrderPagedAndHoldsNoOthers()
    {
        var store = Store(azurite.Account());
        string[] ids = ["a", "a-1", "a.b", "b", "c"];
        foreach (var id in ids)
        {
            await store.ApplyAsync(Change(Subject.OfKey("acme", id), "1"), default);
        }

        await store.ApplyAsync(Change(Subject.OfKey("acme-2", "z"), "1"), default);
        await store.ApplyAsync(Change(Subject.OfKey("acm", "z"), "1"), default);

        var seen = new List<string>();
        for (IReadOnlyList<Document> page = [.. await store.ListAsync(SubjectKind.Key, "acme", null, 2, default)]; page.Count > 0;
            page = await store.ListAsync(SubjectKind.Key, "acme", page[^1].Subject.Id, 2, default))
        {
            seen.AddRange(page.Select(document => document.Subject.Id));
        }

        seen.ShouldBe(ids);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Apply_AnswersAreLostAndWritesLandLate_EachChangeIsMadeOnceOrNotAtAll(int seed)
    {
        var account = azurite.Account();
        using var transport = new FaultyTransport(seed, FaultRates.All(0.12), request => request.Method != Azure.Core.RequestMethod.Get);
        var clean = Store(account);
        var stores = Enumerable.Range(0, 3).Select(index => Store(azurite.Account(account.Names, transport), seed * 10 + index)).ToList();
        await clean.ApplyAsync(Change(Acme, "0"), default);

        // Each caller adds one, again and again, on what it has read: a number that is told as added must be in.
        var told = await Task.WhenAll(stores.Select(async store =>
        {
            var (added, unsure) = (0, 0);
            for (var round = 0; round < 25; round++)
            {
                try
                {
                    var was = (await store.FindAsync(Acme, default))!;
                    var outcome = await store.ApplyAsync(Change(Acme, $"{int.Parse(was.Json, System.Globalization.CultureInfo.InvariantCulture) + 1}") with { Was = was }, default);
                    added += outcome is DocumentChangeOutcome.Applied ? 1 : 0;
                }
                catch (IOException)
                {
                    unsure++;
                }
            }

            return (Added: added, Unsure: unsure);
        }));
        transport.Rates = FaultRates.None;
        await transport.SettleAsync();

        transport.Faults.ShouldBeGreaterThan(10);
        var number = int.Parse((await clean.FindAsync(Acme, default))!.Json, System.Globalization.CultureInfo.InvariantCulture);
        number.ShouldBeInRange(told.Sum(each => each.Added), told.Sum(each => each.Added + each.Unsure));
        var records = (await new TableAuditLog(account).ListAsync(new AuditQuery(1000), default)).Records;
        records.Count.ShouldBe(number + 1, "as many records as changes");
        records.Select(record => int.Parse(record.After!, System.Globalization.CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(0, number + 1));
    }

    [Fact]
    public async Task Calls_StorageIsDown_Throw()
    {
        using var transport = new FaultyTransport(1, FaultRates.None) { Down = true };
        var account = azurite.Account(transport: transport);
        var store = Store(account);

        await Should.ThrowAsync<IOException>(store.FindAsync(Acme, default));
        await Should.ThrowAsync<IOException>(store.ListAsync(SubjectKind.Org, null, null, 1, default));
        await Should.ThrowAsync<IOException>(store.FindOnceAsync(SubjectKind.Org, "key", default));
        await Should.ThrowAsync<IOException>(store.ApplyAsync(Change(Acme, "1"), default));
        await Should.ThrowAsync<IOException>(new TableAuditLog(account).ListAsync(new AuditQuery(1), default));
    }

    private static TableDocumentStore Store(StorageAccount account, int seed = 1) => new(account, new Backoff(TimeProvider.System, new Random(seed)));

    private DocumentChange Change(Subject subject, string? json)
    {
        var number = Interlocked.Increment(ref _records);
        return new DocumentChange(new AuditRecord($"{number:D8}", Noon.AddSeconds(number), "settings", "org.change", subject, null, json)) { Json = json };
    }
}

public sealed class TableDocumentStoreTestsOnAzurite(AzuriteFixture tables) : TableDocumentStoreTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableDocumentStoreTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : TableDocumentStoreTests(tables), IClassFixture<EmbeddedTablesFixture>;

using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Tables;

/// <summary>
/// What comes back from tables: values, versions, orders, pages and filters, the same from every kind of them.
/// </summary>
public abstract class TableContentTests(TablesFixture tables)
{
    private static readonly TableEntity Whole = new("p", "whole")
    {
        ["Text"] = "ü \"quoted\" \\ \U0001f600 \t",
        ["Empty"] = "",
        ["Int"] = int.MinValue,
        ["Long"] = long.MaxValue,
        ["Real"] = 0.1,
        ["Round"] = 3.0,
        ["Yes"] = true,
        ["Id"] = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
        ["Time"] = new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(1),
        ["Bytes"] = new byte[] { 0, 1, 255 },
        ["NoBytes"] = Array.Empty<byte>(),
    };

    public static TheoryData<string, string> Filters => new()
    {
        { "PartitionKey eq 'p'", "whole" },
        { "PartitionKey eq 'p' and RowKey eq 'whole'", "whole" },
        { "PartitionKey eq 'p' and PartitionKey eq 'q'", "" },
        { "PartitionKey eq 'p' and RowKey gt 'whole'", "" },
        { "PartitionKey ge 'p' and PartitionKey lt 'p!' and RowKey le 'whole'", "whole" },
        { "RowKey ge 'w' and RowKey lt 'x'", "whole" },
        { "PartitionKey ne 'p'", "other" },
        { "Text eq 'ü \"quoted\" \\ \U0001f600 \t'", "whole" },
        { "Text eq 'O''Hara'", "other" },
        { "Int eq -2147483648", "whole" },
        { "Int lt 0 and Long gt 9223372036854775806L", "whole" },
        { "Real gt 0.05 and Real lt 0.15", "whole" },
        { "Yes eq true", "whole" },
        { "Yes eq false", "" },
        { "not (Yes eq true)", "other" },
        { "(PartitionKey eq 'p' or PartitionKey eq 'q') and RowKey gt 'o'", "other whole" },
        { "Id eq guid'00112233-4455-6677-8899-aabbccddeeff'", "whole" },
        { "Time eq datetime'2026-05-29T10:00:00.0000001Z'", "whole" },
        { "Time lt datetime'2026-05-29T10:00:00.0000001Z'", "" },
        { "Bytes eq X'0001ff'", "whole" },
        { "Absent eq 'x'", "" },
    };

    [Fact]
    public async Task Entity_OfEveryType_ComesBackAsItWas()
    {
        var table = await NewAsync();
        await table.AddEntityAsync(Whole);

        var read = (await table.GetEntityAsync<TableEntity>("p", "whole")).Value;

        read.Count.ShouldBe(Whole.Count + 2, "its timestamp and its ETag come with it");
        foreach (var (name, value) in Whole)
        {
            read[name].ShouldBe(value, name);
        }

        read.Timestamp.ShouldNotBeNull();
    }

    [Fact]
    public async Task Entity_WithPropertiesSelected_HasThoseAlone()
    {
        var table = await NewAsync();
        await table.AddEntityAsync(Whole);

        var read = (await table.GetEntityAsync<TableEntity>("p", "whole", ["Int", "RowKey"])).Value;
        var listed = await table.QueryAsync<TableEntity>(select: ["Int", "RowKey"]).SingleAsync();

        foreach (var entity in new[] { read, listed })
        {
            entity["Int"].ShouldBe(int.MinValue);
            entity.RowKey.ShouldBe("whole");
            entity.PartitionKey.ShouldBeNull();
            entity.ContainsKey("Text").ShouldBeFalse();
            entity.ETag.ShouldNotBe(default);
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Filter_OfEachForm_FindsWhatItSays(string filter, string found)
    {
        var table = await NewAsync();
        await table.AddEntityAsync(Whole);
        await table.AddEntityAsync(new TableEntity("q", "other") { ["Text"] = "O'Hara", ["Int"] = 5 });

        var rows = await table.QueryAsync<TableEntity>(filter).Select(entity => entity.RowKey).ToListAsync();

        rows.Order().ShouldBe(found.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Versions_OfWrites_AreEachNewAndComeWithTheAnswer()
    {
        var table = await NewAsync();

        var added = (await table.AddEntityAsync(Whole)).Headers.ETag!.Value;
        var updated = (await table.UpdateEntityAsync(Whole, added, TableUpdateMode.Replace)).Headers.ETag!.Value;
        var answers = await table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateReplace, Whole, updated)]);
        var submitted = answers.Value[0].Headers.ETag!.Value;

        new[] { added, updated, submitted }.ShouldBeUnique();
        (await table.GetEntityAsync<TableEntity>("p", "whole")).Value.ETag.ShouldBe(submitted);
        await table.DeleteEntityAsync("p", "whole", submitted);
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "whole")).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task Merge_OfSomeProperties_KeepsTheOthers()
    {
        var table = await NewAsync();
        await table.AddEntityAsync(Whole);

        await table.UpsertEntityAsync(
            new TableEntity("p", "whole") { ["Int"] = 7, ["New"] = "n" }, TableUpdateMode.Merge);

        var read = (await table.GetEntityAsync<TableEntity>("p", "whole")).Value;
        (read["Int"], read["New"], read["Long"]).ShouldBe((7, "n", long.MaxValue));
        await table.UpsertEntityAsync(new TableEntity("p", "whole") { ["Int"] = 8 }, TableUpdateMode.Replace);
        (await table.GetEntityAsync<TableEntity>("p", "whole")).Value.ContainsKey("Long").ShouldBeFalse();
    }

    [Fact]
    public async Task Transaction_ThatIsRefused_LeavesNothing()
    {
        var table = await NewAsync();
        await table.AddEntityAsync(new TableEntity("p", "there"));

        await Should.ThrowAsync<TableTransactionFailedException>(table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "new")), new(
                TableTransactionActionType.Add, new TableEntity("p", "there"))]));

        (await table.QueryAsync<TableEntity>().Select(entity => entity.RowKey).ToListAsync()).ShouldBe(["there"]);
    }

    /// <summary>By UTF-16 code unit: a character beyond the first plane comes before U+E000.</summary>
    [Fact]
    public async Task Rows_OfAQuery_ComeInTheOrderOfTheirKeys()
    {
        var table = await NewAsync();
        string[] keys = ["", "!", "0", "10", "2", "A", "a", "a!", "ab", "ü", "\u3042", "\U0001f600", "\ue000"];
        foreach (var key in keys.Reverse())
        {
            await table.AddEntityAsync(new TableEntity("p", key));
        }

        (await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").Select(entity => entity.RowKey).ToListAsync())
            .ShouldBe(keys);
        (await table.QueryAsync<TableEntity>("PartitionKey eq 'p' and RowKey ge 'a' and RowKey lt 'b'")
            .Select(entity => entity.RowKey).ToListAsync())
            .ShouldBe(["a", "a!", "ab"]);
    }

    [Fact]
    public async Task Pages_OfALongList_FollowOneAnotherByTheirTokens()
    {
        var table = await NewAsync();
        foreach (var partition in new[] { "p", "q" })
        {
            foreach (var chunk in Enumerable.Range(0, 600).Chunk(100))
            {
                await table.SubmitTransactionAsync(chunk.Select(index => new TableTransactionAction(
                    TableTransactionActionType.Add, new TableEntity(partition, $"{index:0000}") { ["Odd"] = index % 2 is 1 })));
            }
        }

        var pages = await table.QueryAsync<TableEntity>().AsPages().ToListAsync();
        var odd = await table.QueryAsync<TableEntity>("Odd eq true", maxPerPage: 250).AsPages().ToListAsync();
        var second = await table.QueryAsync<TableEntity>("Odd eq true", maxPerPage: 250)
            .AsPages(odd[0].ContinuationToken).ToListAsync();

        pages.Select(page => page.Values.Count).ShouldBe([1000, 200]);
        odd.Select(page => page.Values.Count).ShouldBe([250, 250, 100]);
        odd.SelectMany(page => page.Values).Select(entity => entity.PartitionKey + entity.RowKey).ShouldBeUnique();
        second.SelectMany(page => page.Values).Count().ShouldBe(350);
    }

    private async Task<TableClient> NewAsync()
    {
        var account = tables.Account();
        return await account.StrictAsync(account.Names.Ledger, default);
    }
}

public sealed class TableContentTestsOnAzurite(AzuriteFixture tables)
    : TableContentTests(tables), IClassFixture<AzuriteFixture>;

public sealed class TableContentTestsOnEmbeddedTables(EmbeddedTablesFixture tables)
    : TableContentTests(tables), IClassFixture<EmbeddedTablesFixture>;

using Azure;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Tables;

/// <summary>
/// What the service answers to each kind of call, asked of every kind of tables: the embedded ones answer as the
/// service
/// does, also where the emulator is laxer or has other words.
/// </summary>
public abstract class ServiceAnswersTests(TablesFixture tables, bool isAzurite)
{
    private const string Old = "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"";

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["add"] = new(on => on.Table.AddEntityAsync(Row("new")), "204"),
        ["add, there"] = new(on => on.Table.AddEntityAsync(Row("there")), "409 EntityAlreadyExists"),
        ["get"] = new(async on => (await on.Table.GetEntityAsync<TableEntity>("p", "there")).GetRawResponse(), "200"),
        ["get, absent"] = new(
            async on => (await on.Table.GetEntityAsync<TableEntity>("p", "gone")).GetRawResponse(),
            "404 ResourceNotFound"),
        ["find, absent"] = new(
            async on => (await on.Table.GetEntityIfExistsAsync<TableEntity>("p", "gone")).GetRawResponse(),
            "404"),
        ["upsert, absent"] = new(on => on.Table.UpsertEntityAsync(Row("new"), TableUpdateMode.Replace), "204"),
        ["upsert, there"] = new(on => on.Table.UpsertEntityAsync(Row("there"), TableUpdateMode.Merge), "204"),
        ["update, any"] = new(on => on.Table.UpdateEntityAsync(Row("there"), ETag.All, TableUpdateMode.Replace), "204"),
        ["update, absent"] = new(
            on => on.Table.UpdateEntityAsync(Row("gone"), ETag.All, TableUpdateMode.Replace),
            "404 ResourceNotFound"),
        ["update, absent and old"] = new(
            on => on.Table.UpdateEntityAsync(Row("gone"), new ETag(Old)),
            "404 ResourceNotFound"),
        ["update, old"] = new(
            on => on.Table.UpdateEntityAsync(Row("there"), new ETag(Old)),
            "412 UpdateConditionNotSatisfied"),
        ["update, no tag"] = new(
            on => on.Table.UpdateEntityAsync(Row("there"), new ETag("nonsense")),
            "400 InvalidInput", "400 InvalidOperation"),
        ["merge, old"] = new(
            on => on.Table.UpdateEntityAsync(Row("there"), new ETag(Old), TableUpdateMode.Merge),
            "412 UpdateConditionNotSatisfied"),
        ["delete"] = new(on => on.Table.DeleteEntityAsync("p", "there"), "204"),
        ["delete, absent"] = new(on => on.Table.DeleteEntityAsync("p", "gone"), "404"),
        ["delete, old"] = new(
            on => on.Table.DeleteEntityAsync("p", "there", new ETag(Old)),
            "412 UpdateConditionNotSatisfied"),
        ["create, there"] = new(async on => (await on.Table.CreateAsync()).GetRawResponse(), "409 TableAlreadyExists"),
        ["create if absent, there"] = new(
            async on => (await on.Table.CreateIfNotExistsAsync()).GetRawResponse(),
            "409"),
        ["drop"] = new(on => on.Table.DeleteAsync(), "204"),
        ["drop, absent"] = new(on => on.Missing.DeleteAsync(), "404"),
        ["add, no table"] = new(on => on.Missing.AddEntityAsync(Row("new")), "404 TableNotFound"),
        ["get, no table"] = new(
            async on => (await on.Missing.GetEntityAsync<TableEntity>("p", "r")).GetRawResponse(),
            "404 TableNotFound"),
        ["find, no table"] = new(
            async on => (await on.Missing.GetEntityIfExistsAsync<TableEntity>("p", "r")).GetRawResponse(),
            "404"),
        ["delete, no table"] = new(on => on.Missing.DeleteEntityAsync("p", "r"), "404"),
        ["query, no table"] = new(on => QueryAsync(on.Missing, null), "404 TableNotFound"),
        ["transaction, no table"] = new(on => SubmitAsync(on.Missing, Add("new")), "404 TableNotFound @0"),
        ["endless real"] = new(
            on => on.Table.AddEntityAsync(Row("new", ("Real", double.PositiveInfinity))),
            nameof(ArgumentException)),
        ["query"] = new(on => QueryAsync(on.Table, "PartitionKey eq 'p'"), "200"),
        ["query, no filter of the language"] = new(
            on => QueryAsync(on.Table, "PartitionKey is 'p'"),
            "400 InvalidInput"),
        ["query, page of 1001"] = new(on => QueryAsync(on.Table, null, 1001), "400 InvalidInput", "200"),
        ["query, page of 0"] = new(on => QueryAsync(on.Table, null, 0), "400 InvalidInput", "200"),
        ["key of 512"] = new(on => on.Table.AddEntityAsync(Row(new string('k', 512))), "204"),
        ["key of 513"] = new(
            on => on.Table.AddEntityAsync(Row(new string('k', 513))),
            "400 KeyValueTooLarge", "400 InvalidInput"),
        ["key with /"] = new(on => on.Table.AddEntityAsync(Row("a/b")), "400 OutOfRangeInput", "400 InvalidInput"),
        ["key with control"] = new(
            on => on.Table.AddEntityAsync(Row("a\u0001b")),
            "400 OutOfRangeInput", "400 InvalidInput"),
        ["no row key"] = new(
            on => on.Table.AddEntityAsync(new TableEntity { PartitionKey = "p" }),
            nameof(ArgumentNullException)),
        ["text of 32768"] = new(on => on.Table.AddEntityAsync(Row("new", ("Text", new string('x', 32_768)))), "204"),
        ["text of 32769"] = new(
            on => on.Table.AddEntityAsync(Row("new", ("Text", new string('x', 32_769)))),
            "400 PropertyValueTooLarge"),
        ["binary of 65536"] = new(on => on.Table.AddEntityAsync(Row("new", ("Bytes", new byte[65_536]))), "204"),
        ["binary of 65537"] = new(
            on => on.Table.AddEntityAsync(Row("new", ("Bytes", new byte[65_537]))),
            "400 PropertyValueTooLarge"),
        ["252 properties"] = new(on => on.Table.AddEntityAsync(Many(252, 1)), "204"),
        ["253 properties"] = new(on => on.Table.AddEntityAsync(Many(253, 1)), "400 TooManyProperties", "204"),
        ["entity above 1 MiB"] = new(on => on.Table.AddEntityAsync(Many(17, 32_000)), "400 EntityTooLarge", "204"),
        ["name of 255"] = new(on => on.Table.AddEntityAsync(Row("new", (new string('n', 255), 1))), "204"),
        ["name of 256"] = new(
            on => on.Table.AddEntityAsync(Row("new", (new string('n', 256), 1))),
            "400 PropertyNameTooLong", "204"),
        ["name with -"] = new(on => on.Table.AddEntityAsync(Row("new", ("a-b", 1))), "400 PropertyNameInvalid", "204"),
        ["table of 2 letters"] = new(
            async on => (await on.Named("ab").CreateAsync()).GetRawResponse(),
            "400 OutOfRangeInput", "400 "),
        ["table with -"] = new(
            async on => (await on.Named("a-b").CreateAsync()).GetRawResponse(),
            "400 InvalidResourceName", "400 "),
        ["transaction"] = new(on => SubmitAsync(on.Table, Add("new"), Add("newer")), "202"),
        ["transaction of none"] = new(on => SubmitAsync(on.Table), "InvalidOperationException"),
        ["transaction of 100"] = new(
            on => SubmitAsync(on.Table, [.. Enumerable.Range(0, 100).Select(index => Add($"{index}"))]),
            "202"),
        ["transaction of 101"] = new(
            on => SubmitAsync(on.Table, [.. Enumerable.Range(0, 101).Select(index => Add($"{index}"))]),
            "400 InvalidInput", "InvalidOperationException"),
        ["transaction, there"] = new(
            on => SubmitAsync(on.Table, Add("new"), Add("there")),
            "409 EntityAlreadyExists @1"),
        ["transaction, old"] = new(
            on => SubmitAsync(on.Table, Add("new"), Update("there", new ETag(Old))),
            "412 UpdateConditionNotSatisfied @1"),
        ["transaction, absent"] = new(
            on => SubmitAsync(on.Table, Add("new"), Update("gone", ETag.All)),
            "404 ResourceNotFound @1"),
        ["transaction, delete absent"] = new(
            on => SubmitAsync(on.Table, Add("new"), Delete("gone")),
            "404 ResourceNotFound @1"),
        ["transaction, two partitions"] = new(
            on => SubmitAsync(on.Table, Add("new"), new(TableTransactionActionType.Add, new TableEntity("q", "new"))),
            "400 CommandsInBatchActOnDifferentPartitions @1", "202"),
        ["transaction, row twice"] = new(
            on => SubmitAsync(on.Table, Add("new"), Add("new")),
            "400 InvalidDuplicateRow @1"),
        ["transaction, key with /"] = new(
            on => SubmitAsync(on.Table, Add("new"), Add("a/b")),
            "400 OutOfRangeInput @1", "400 InvalidInput @1"),
        ["transaction, text too long"] = new(
            on => SubmitAsync(on.Table, Add("new"), new(
                TableTransactionActionType.Add, Row("newer", ("Text", new string('x', 33_000))))),
            "400 PropertyValueTooLarge @1"),
        ["transaction above 4 MiB"] = new(
            on => SubmitAsync(on.Table, [.. Enumerable.Range(0, 5).Select(
                index => new TableTransactionAction(TableTransactionActionType.Add, Many(30, 32_000, $"{index}")))]),
            "413 RequestBodyTooLarge"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_OfEachKind_IsAnsweredAsByTheService(string name)
    {
        var account = tables.Account();
        var table = await account.StrictAsync(account.Names.Ledger, default);
        await table.AddEntityAsync(Row("there"));
        var asked = Cases[name];

        var answer = await AnswerAsync(() => asked.Call(new Target(tables.Connect(TableProfiles.Strict), table)));

        answer.ShouldBe(isAzurite ? asked.OnAzurite ?? asked.Expected : asked.Expected);
    }

    private static async Task<string> AnswerAsync(Func<Task<Response>> call)
    {
        try
        {
            return $"{(await call()).Status}";
        }
        catch (TableTransactionFailedException failed)
        {
            return $"{failed.Status} {failed.ErrorCode}" + (failed.FailedTransactionActionIndex is { } index
                ? $" @{index}"
                : "");
        }
        catch (RequestFailedException failed)
        {
            return $"{failed.Status} {failed.ErrorCode}";
        }
        catch (Exception refused) when (refused is InvalidOperationException or ArgumentException)
        {
            return refused.GetType().Name;
        }
    }

    private static TableEntity Row(string row, params (string Name, object Value)[] properties)
    {
        var entity = new TableEntity("p", row) { ["Number"] = 1 };
        foreach (var (name, value) in properties)
        {
            entity[name] = value;
        }

        return entity;
    }

    private static TableEntity Many(int properties, int length, string row = "new")
    {
        var entity = new TableEntity("p", row);
        for (var index = 0; index < properties; index++)
        {
            entity[$"P{index}"] = new string('x', length);
        }

        return entity;
    }

    private static TableTransactionAction Add(string row) => new(TableTransactionActionType.Add, Row(row));

    private static TableTransactionAction Update(string row, ETag tag) =>
        new(TableTransactionActionType.UpdateReplace, Row(row), tag);

    private static TableTransactionAction Delete(string row) =>
        new(TableTransactionActionType.Delete, Row(row), ETag.All);

    private static async Task<Response> SubmitAsync(TableClient table, params TableTransactionAction[] actions) =>
        (await table.SubmitTransactionAsync(actions)).GetRawResponse();

    private static async Task<Response> QueryAsync(TableClient table, string? filter, int? most = null)
    {
        await foreach (var page in table.QueryAsync<TableEntity>(filter, most).AsPages())
        {
            return page.GetRawResponse();
        }

        throw new InvalidOperationException("There is no page.");
    }

    /// <param name="OnAzurite">Where the emulator answers otherwise than the service.</param>
    private sealed record Case(Func<Target, Task<Response>> Call, string Expected, string? OnAzurite = null);

    private sealed record Target(TableServiceClient Service, TableClient Table)
    {
        public TableClient Missing => Named("absent");

        public TableClient Named(string name) => Service.GetTableClient(name);
    }
}

public sealed class ServiceAnswersTestsOnAzurite(AzuriteFixture tables)
    : ServiceAnswersTests(tables, isAzurite: true), IClassFixture<AzuriteFixture>;

public sealed class ServiceAnswersTestsOnEmbeddedTables(EmbeddedTablesFixture tables)
    : ServiceAnswersTests(tables, isAzurite: false), IClassFixture<EmbeddedTablesFixture>;

using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using Freeway.Adapters.Tables;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Tables;

public abstract class StorageFaultTests(TablesFixture azurite)
{
    [Fact]
    public async Task Fault_OfEachRefusal_IsNamed()
    {
        var table = await TableAsync();
        await table.AddEntityAsync(new TableEntity("p", "there"));

        (await FaultAsync(() => table.AddEntityAsync(new TableEntity("p", "there")))).ShouldBe(new(StorageFaultKind.Conflict, null, 409, "EntityAlreadyExists"));
        (await FaultAsync(() => table.GetEntityAsync<TableEntity>("p", "gone"))).Kind.ShouldBe(StorageFaultKind.Missing);
        (await FaultAsync(() => table.UpdateEntityAsync(new TableEntity("p", "there"), new ETag("W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"")))).Status.ShouldBe(412);
        (await FaultAsync(() => table.AddEntityAsync(new TableEntity("p", "a/b")))).Kind.ShouldBe(StorageFaultKind.Invalid);
    }

    [Fact]
    public async Task Fault_OfATransaction_NamesTheAction()
    {
        var table = await TableAsync();
        await table.AddEntityAsync(new TableEntity("p", "2"));

        var fault = await FaultAsync(() => table.SubmitTransactionAsync(
            Enumerable.Range(0, 4).Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i}")))));

        fault.ShouldBe(new(StorageFaultKind.Conflict, 2, 409, "EntityAlreadyExists"));
    }

    [Fact]
    public async Task Fault_OfAMissingTable_SaysSo()
    {
        var account = azurite.Account();
        var table = await account.StrictAsync(account.Names.Usage, default);
        await table.DeleteAsync();

        (await FaultAsync(() => table.AddEntityAsync(new TableEntity("p", "r")))).TableIsMissing.ShouldBeTrue();
    }

    /// <summary>The identity is right and its service does not answer: an outage, and no bug of ours.</summary>
    [Fact]
    public void Fault_OfATokenThatCannotBeHad_IsAnOutageOfWhichNothingWasSent()
    {
        var error = new AuthenticationFailedException("no token");

        StorageFault.Is(error, CancellationToken.None, out var fault).ShouldBeTrue();

        fault.Kind.ShouldBe(StorageFaultKind.Unknown);
        StorageFault.IsNeverConnected(error).ShouldBeTrue();
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.NameResolutionError, true)]
    [InlineData(HttpRequestError.ResponseEnded, false)]
    [InlineData(HttpRequestError.Unknown, false)]
    public void Fault_OfAConnection_SaysWhetherAnythingWasSent(HttpRequestError how, bool never) =>
        StorageFault.IsNeverConnected(new RequestFailedException("wrapped", new HttpRequestException(how))).ShouldBe(never);

    [Theory]
    [InlineData(1, 0, 0, 0)]
    [InlineData(0, 1, 0, 0)]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, 0, 0, 1)]
    public async Task Fault_OfALostAnswer_IsUnknownInReadsWritesAndTransactions(double lose, double never, double late, double busy)
    {
        using var transport = new FaultyTransport(7, FaultRates.None);
        var account = azurite.Account(transport: transport);
        var table = await account.StrictAsync(account.Names.Ledger, default);
        transport.Rates = new FaultRates(lose, never, late, busy);

        for (var i = 0; i < 6; i++)
        {
            var row = new TableEntity("p", $"{i}");
            (await FaultAsync(() => table.AddEntityAsync(row))).Kind.ShouldBe(StorageFaultKind.Unknown);
            (await FaultAsync(() => table.GetEntityIfExistsAsync<TableEntity>("p", "0"))).Kind.ShouldBe(StorageFaultKind.Unknown);
            (await FaultAsync(() => table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", $"t{i}"))]))).Kind.ShouldBe(StorageFaultKind.Unknown);
        }

        transport.Rates = FaultRates.None;
        await transport.SettleAsync();
        (await table.QueryAsync<TableEntity>().ToListAsync()).Count.ShouldBe(lose + late > 0 ? 12 : 0);
    }

    [Fact]
    public void Fault_OfACallerWhoLeft_IsNone()
    {
        StorageFault.Is(new OperationCanceledException(), new CancellationToken(canceled: true), out _).ShouldBeFalse();
        StorageFault.Is(new OperationCanceledException(), default, out var fault).ShouldBeTrue();
        fault.Kind.ShouldBe(StorageFaultKind.Unknown);
    }

    [Fact]
    public void Fault_OfABug_IsNone()
    {
        StorageFault.Is(new InvalidOperationException("ours"), default, out _).ShouldBeFalse();
        StorageFault.Is(new KeyNotFoundException(), default, out _).ShouldBeFalse();
    }

    private static async Task<StorageFault> FaultAsync(Func<Task> operation)
    {
        var error = await Should.ThrowAsync<Exception>(operation);
        StorageFault.Is(error, default, out var fault).ShouldBeTrue(error.ToString());
        return fault;
    }

    private ValueTask<TableClient> TableAsync()
    {
        var account = azurite.Account();
        return account.StrictAsync(account.Names.Ledger, default);
    }
}

public sealed class StorageFaultTestsOnAzurite(AzuriteFixture tables) : StorageFaultTests(tables), IClassFixture<AzuriteFixture>;

public sealed class StorageFaultTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : StorageFaultTests(tables), IClassFixture<EmbeddedTablesFixture>;

using Freeway.Adapters.Identity;
using Freeway.Adapters.Inference;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.Identity;

/// <summary>Orgs and keys under storage that loses answers, lets writes land late, and dies half-way.</summary>
public abstract class DocumentWriterTests(TablesFixture azurite)
{
    /// <summary>How many keys are made over broken connections; <c>FREEWAY_LONG=1</c> makes it more.</summary>
    private static readonly int Keys = Environment.GetEnvironmentVariable("FREEWAY_LONG") is "1" ? 20 : 3;

    private static readonly Operator Anna = new("anna", new HashSet<AdminScope> { AdminScope.All });

    [Fact]
    public async Task Create_DiesBetweenTheSecretAndTheKey_LeavesNothingThatOpens()
    {
        var account = azurite.Account();
        using var transport = new FaultyTransport(1, FaultRates.None);
        var (clean, dying) = (new Instance(account), new Instance(azurite.Account(account.Names, transport)));
        await clean.OrgAsync("acme");
        // The pointer is a row by itself, the key's document a transaction.
        transport.Seen = request => transport.Down = request.Uri.ToString().Contains("$batch", StringComparison.Ordinal);

        await Should.ThrowAsync<IOException>(dying.Keys.CreateAsync(Ask("""{"id":"robot"}"""), "acme", default));

        var pointers = await account.PatientAsync(account.Names.Keys, default);
        var row = await pointers.QueryAsync<Azure.Data.Tables.TableEntity>(entity => entity.RowKey == "secret").SingleAsync();
        (await clean.Store.FindAsync(new KeyHash(row.PartitionKey), default)).ShouldBeNull();
        (await clean.Keys.CreateAsync(Ask("""{"id":"robot"}"""), "acme", default)).Accepted(out var made, out _).ShouldBeTrue("the id is still free");
        (await clean.Store.FindAsync(KeyHash.Of(made!.Value.Secret!), default))!.Key.Id.ShouldBe("robot");
        (await clean.Store.FindAsync(new KeyHash(row.PartitionKey), default)).ShouldBeNull("the pointer that was left behind leads to a key which does not have that secret");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Create_SentUntilItIsAnswered_MakesOneKeyAndOneRecord(int seed)
    {
        var account = azurite.Account();
        using var transport = new FaultyTransport(seed, FaultRates.None, request => request.Method != Azure.Core.RequestMethod.Get);
        var (clean, shaky) = (new Instance(account), new Instance(azurite.Account(account.Names, transport), seed));
        await clean.OrgAsync("acme");
        transport.Rates = FaultRates.All(0.2);

        for (var number = 0; number < Keys; number++)
        {
            var ids = new HashSet<string>();
            // As a caller does whose answers are lost: the same again, and once more after it was answered.
            for (var answers = 0; answers < 2;)
            {
                try
                {
                    var decision = await shaky.Keys.CreateAsync(Ask($$"""{"label":"{{number}}"}""", $"key-{number}"), "acme", default);
                    decision.Accepted(out var made, out var refusal).ShouldBeTrue(refusal?.Message);
                    ids.Add(made!.Value.Id);
                    answers++;
                }
                catch (IOException)
                {
                    continue;
                }
            }

            ids.Count.ShouldBe(1);
        }

        transport.Rates = FaultRates.None;
        await transport.SettleAsync();
        transport.Faults.ShouldBeGreaterThan(3);
        (await clean.Documents.ListAsync(SubjectKind.Key, "acme", null, 100, default)).Count.ShouldBe(Keys);
        (await new TableAuditLog(account).ListAsync(new AuditQuery(100) { Kind = SubjectKind.Key }, default)).Records.Count.ShouldBe(Keys);
    }

    [Fact]
    public async Task Change_WhoseAnswerIsLost_IsNotTakenForAnothers()
    {
        var account = azurite.Account();
        using var transport = new FaultyTransport(3, FaultRates.None, request => request.Uri.ToString().Contains("$batch", StringComparison.Ordinal));
        var (clean, shaky) = (new Instance(account), new Instance(azurite.Account(account.Names, transport)));
        var org = await clean.OrgAsync("acme");
        transport.Rates = new FaultRates(LoseAnswer: 0.6);
        for (var number = 0; number < 15; number++)
        {
            var command = Ask($$"""{"name":"Name {{number}}"}""") with { Expected = new Precondition([org]) };

            var decision = await shaky.Orgs.ChangeAsync(command, "acme", default);

            decision.Accepted(out var changed, out var refusal).ShouldBeTrue($"{number}: {refusal?.Message}");
            org = changed!.Revision!;
        }

        transport.Faults.ShouldBeGreaterThan(5);
        (await clean.OrgQueries.FindAsync("acme", default)).Accepted(out var now, out _).ShouldBeTrue();
        (now!.Value.Name, now.Revision).ShouldBe(("Name 14", org));
        (await new TableAuditLog(account).ListAsync(new AuditQuery(100), default)).Records.Count.ShouldBe(16);
    }

    [Fact]
    public async Task Create_OfAStrongerKey_IsRefused()
    {
        var house = new Instance(azurite.Account());
        var maker = new Operator("bert", new HashSet<AdminScope> { AdminScope.Keys });

        var decision = await house.ManagementKeys.CreateAsync(Ask("""{"id":"carl","scopes":["keys","billing"]}""") with { By = maker }, default);

        decision.Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(RefusalCode.InsufficientScope);
        (await house.ManagementKeys.CreateAsync(Ask("""{"id":"carl","scopes":["read","keys"]}""") with { By = maker }, default)).Accepted(out _, out _).ShouldBeTrue();
        (await house.ManagementKeys.ChangeAsync(Ask("""{"scopes":["all"]}""") with { By = maker }, "carl", default)).Accepted(out _, out refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(RefusalCode.InsufficientScope);
    }

    [Fact]
    public async Task Command_OfTwoOperatorsUnderOneKey_AreTwo()
    {
        var house = new Instance(azurite.Account());

        (await house.Orgs.CreateAsync(Ask("""{"id":"one"}""", "1"), default)).Accepted(out _, out _).ShouldBeTrue();
        (await house.Orgs.CreateAsync(Ask("""{"id":"two"}""", "1") with { By = new Operator("bert", Anna.Scopes) }, default)).Accepted(out _, out _).ShouldBeTrue();
    }

    private static AdminCommand Ask(string body, string? once = null) => new(Anna, System.Text.Encoding.UTF8.GetBytes(body), Precondition.Anything, once);

    /// <summary>One instance with its stores, its queries and its commands.</summary>
    private sealed class Instance
    {
        public Instance(StorageAccount account, int seed = 1)
        {
            var (clock, ids, secrets) = (TimeProvider.System, new IdSource(TimeProvider.System), new TableSecretStore(account));
            Documents = new TableDocumentStore(account, new Backoff(clock, new Random(seed)));
            var writer = new DocumentWriter(Documents, ids, clock);
            Store = new DocumentKeyStore(Documents, secrets, writer, clock);
            Orgs = new OrgCommands(writer, new NoPlans(), clock);
            OrgQueries = new OrgQueries(Documents);
            Keys = new ApiKeyCommands(
                Documents, secrets, writer, new TableResponseStore(account), ids, clock);
            ManagementKeys = new ManagementKeyCommands(secrets, writer, ids, clock);
        }

        public TableDocumentStore Documents { get; }

        public DocumentKeyStore Store { get; }

        public OrgCommands Orgs { get; }

        public OrgQueries OrgQueries { get; }

        public ApiKeyCommands Keys { get; }

        public ManagementKeyCommands ManagementKeys { get; }

        /// <returns>Its revision.</returns>
        public async Task<string> OrgAsync(string id)
        {
            (await Orgs.CreateAsync(Ask($$"""{"id":"{{id}}"}"""), default)).Accepted(out var made, out _).ShouldBeTrue();
            return made!.Revision!;
        }
    }

    private sealed class NoPlans : IPlanSource
    {
        public ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation) => ValueTask.FromResult(new PlanBook([], PlanBook.PayAsYouGo));
    }
}

public sealed class DocumentWriterTestsOnAzurite(AzuriteFixture tables) : DocumentWriterTests(tables), IClassFixture<AzuriteFixture>;

public sealed class DocumentWriterTestsOnEmbeddedTables(EmbeddedTablesFixture tables) : DocumentWriterTests(tables), IClassFixture<EmbeddedTablesFixture>;

using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Core;
using Freeway.Gateway.Models;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams;
using Freeway.Gateway.Upstreams.Leasing;
using Freeway.Tests.Shared;
using Freeway.Tests.Shared.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Api;

public sealed class UpstreamReportQueriesTests
{
    private static readonly Upstream Far = new("far", new Uri("https://far.example/v1"), "k", true) { ModelsPath = "models", KeyPath = "key" };

    [Fact]
    public async Task Propose_AgainstTheCatalogue_SaysWhatIsChangedGoneAndNew()
    {
        var cards = await ProposeAsync(
            new ListedModel("same", null, 1000, 1, 2),
            new ListedModel("models/longer", null, 2000, 1, 2.5m),
            new ListedModel("silent"),
            new ListedModel("author/new", "New", 500, 0, 0),
            new ListedModel("bare"));

        cards.Select(card => $"{card.Change} {card.UpstreamModel} [{string.Join(',', card.Models)}]").ShouldBe(
            ["changed models/longer [a/longer,b/longer]", "gone lost [a/lost]", "new author/new []", "new bare []"]);
        cards[0].Fields.ShouldBe(
        [
            new FieldChange("a/longer", "context_length", 1000, 2000), new FieldChange("a/longer", "usd_per_million_tokens.output", 2, 2.5m),
            new FieldChange("b/longer", "context_length", 1000, 2000), new FieldChange("b/longer", "usd_per_million_tokens.output", 2, 2.5m),
        ]);
        cards[2].Entry.ShouldNotBeNull().ShouldSatisfyAllConditions(
            entry => (entry.Id, entry.Name, entry.ContextLength).ShouldBe(("author/new", "New", 500)),
            entry => entry.UsdPerMillionTokens.ShouldBe(new ProposedPrice(0, 0)),
            entry => entry.Routes.ShouldBe([new ProposedRoute("far", "author/new")]));
        cards[3].Entry.ShouldNotBeNull().ShouldSatisfyAllConditions(
            entry => (entry.Id, entry.ContextLength, entry.UsdPerMillionTokens).ShouldBe(("far/bare", null, null)));
    }

    [Fact]
    public async Task Propose_ModelsThatAreFreeThere_AreNotFreeHere()
    {
        var cards = await ProposeAsync(
            new ListedModel("x/y:free", null, 10, 0, 0), new ListedModel("x/y", null, 10, 1, 1), new ListedModel("x/z:free", null, 10, 0, 0),
            new ListedModel("x/w:free:flex", null, 10, 0, 0), new ListedModel("a/same:free", null, 10, 0, 0));

        var fresh = cards.Where(card => card.Change is ProposalResponse.New).ToList();
        fresh.Select(card => $"{card.Entry!.Id} from {card.UpstreamModel}").ShouldBe(
            ["far/x/y from x/y:free", "x/y from x/y", "x/z from x/z:free", "x/w from x/w:free:flex", "far/a/same from a/same:free"], ignoreOrder: true);
        fresh.ShouldAllBe(card => !card.Entry!.Free.Enabled);
    }

    [Theory]
    [InlineData("nobody", RefusalCode.NotFound)]
    [InlineData("mute", RefusalCode.NotFound)]
    [InlineData("keyless", RefusalCode.UpstreamError)]
    [InlineData("broken", RefusalCode.UpstreamError)]
    public async Task Propose_TheUpstreamCannotBeAsked_IsRefused(string name, RefusalCode code)
    {
        var queries = Queries(name is "broken" ? null : []);

        (await queries.ProposeAsync(name, CancellationToken.None)).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(code);
        (await queries.ReadKeyAsync(name, CancellationToken.None)).Accepted(out _, out refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(code);
    }

    [Fact]
    public async Task ReadKey_OfAnUpstream_IsItsReport()
    {
        (await Queries([]).ReadKeyAsync("far", CancellationToken.None)).Accepted(out var card, out _).ShouldBeTrue();

        card.ShouldBe(new KeyReportResponse("far", 5, 4, 1, null, null, true));
    }

    /// <summary>The key was used from elsewhere: of 50 requests a day the report leaves 12, and no instance sends a 13th.</summary>
    [Fact]
    public async Task ReadKey_WithFewerFreeRequestsThanWeCount_TheLedgerFollowsItDown()
    {
        var daily = new Limit("free-daily", LimitUnit.Requests, 50, LimitWindow.Day, LimitScope.Upstream);
        var perDay = new Limit("daily", LimitUnit.Requests, 500, LimitWindow.Day, LimitScope.Upstream);
        var router = Far with { Limits = [new PlanLimit(daily) { Models = new ModelSet(["*:free"]) }, new PlanLimit(perDay)] };
        var store = new InMemoryLedgerStore();
        var leases = Leases(store);
        await TakeAsync(leases, router, 1);

        var queries = new UpstreamReportQueries(
            FixedCatalogue.Of(new CatalogueSnapshot([Model("a/same", "same")], [], [router])),
            new ScriptedDirectory([], new FreeRequestReport(50, 38, 12)), leases);
        (await queries.ReadKeyAsync("far", CancellationToken.None)).Accepted(out var report, out _).ShouldBeTrue();

        report!.FreeModelDailyRequests.ShouldBe(new FreeRequestReport(50, 38, 12));
        (await TakeAsync(leases, router, 12)).ShouldBe(12);
        (await TakeAsync(leases, router, 1)).ShouldBe(0);

        // What the report does not tell of stays as it was.
        leases.Standing(router.Partition, [UpstreamClaims.Bind(perDay)])[0].Remaining.ShouldBe(487);

        // Other instances see it in the ledger once this one has given back what it leased.
        await leases.DrainAsync(CancellationToken.None);
        (await TakeAsync(Leases(store), router, 1)).ShouldBe(0);
    }

    /// <summary>How many of so many attempts are granted.</summary>
    private static async Task<int> TakeAsync(QuotaLeases leases, Upstream upstream, int attempts)
    {
        var granted = 0;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var claims = UpstreamClaims.Of(upstream, "a/b:free", new Quantities { Requests = 1 });
            if ((await leases.TakeAsync(upstream.Partition, claims, CancellationToken.None)).Granted(out var lease, out _))
            {
                lease.SettleWhole();
                granted++;
            }
        }

        return granted;
    }

    private static QuotaLeases Leases(InMemoryLedgerStore store) => new(
        store, new ManualTime(new DateTimeOffset(2026, 5, 29, 12, 0, 0, TimeSpan.Zero)), new Random(1), new QuotaLeaseOptions(),
        NullLogger<QuotaLeases>.Instance);

    private static async Task<IReadOnlyList<ProposalResponse>> ProposeAsync(params ListedModel[] listed)
    {
        (await Queries(listed).ProposeAsync("far", CancellationToken.None)).Accepted(out var page, out _).ShouldBeTrue();
        return page!.Data;
    }

    private static UpstreamReportQueries Queries(IReadOnlyList<ListedModel>? listed)
    {
        Upstream[] upstreams =
        [
            Far, Far with { Name = "broken" }, Far with { Name = "mute", ModelsPath = null, KeyPath = null }, Far with { Name = "keyless", ApiKey = null, Ready = false },
        ];
        return new UpstreamReportQueries(
            FixedCatalogue.Of(new CatalogueSnapshot([Model("a/same", "same"), Model("a/longer", "longer"), Model("b/longer", "longer"), Model("a/lost", "lost"), Model("a/silent", "silent")], [], upstreams)),
            new ScriptedDirectory(listed),
            Leases(new InMemoryLedgerStore()));
    }

    private static Model Model(string id, string there) => new(id, id, 1000, new Price(1_000_000_000, 2_000_000_000), null, false, [new ModelRoute("far", there)]);

    private sealed class ScriptedDirectory(IReadOnlyList<ListedModel>? listed, FreeRequestReport? free = null) : IUpstreamDirectory
    {
        public Task<IReadOnlyList<ListedModel>> ListModelsAsync(Upstream upstream, CancellationToken cancellation) =>
            listed is null ? throw new UpstreamUnreachableException("no connection") : Task.FromResult(listed);

        public Task<KeyReport> ReadKeyAsync(Upstream upstream, CancellationToken cancellation) =>
            listed is null ? throw new UpstreamUnreachableException("no connection") : Task.FromResult(new KeyReport(5, 4, 1, null, null, true, free));
    }
}

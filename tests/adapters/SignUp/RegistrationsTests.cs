using Freeway.Adapters.Identity;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;
using Freeway.Gateway.SignUp;
using Freeway.Tests.Shared;

namespace Freeway.Adapters.Tests.SignUp;

/// <summary>People who sign up at once, or while instances die: one organisation each, and never one too many.</summary>
public abstract class RegistrationsTests(TablesFixture tables)
{
    private static readonly Person Ada = new("https://login.example.com", "ada") { Name = "Ada" };

    [Fact]
    public async Task SignIn_TenTimesAtOnce_MakesOneOrganisationAndTenSessions()
    {
        var account = tables.Account();
        var instances = Enumerable.Range(1, 10).Select(seed => new Instance(account, seed)).ToList();

        var signed = await Task.WhenAll(instances.Select(one => one.SignInAsync(Ada)));

        var sessions = signed.Select(Accepted).ToList();
        sessions.Select(session => session.Org.Id).Distinct().ShouldBe([Ada.OrgId]);
        (await instances[0].Documents.ListAsync(SubjectKind.Org, null, null, 10, default)).Count.ShouldBe(1);
        (await instances[0].CountAsync()).ShouldBe(1);
        foreach (var session in sessions)
        {
            var caller = await instances[0].Keys.FindAsync(KeyHash.Of(session.Secret), default);
            caller!.Org.SignUp!.Terms.ShouldBe("v1");
            caller.Key.ManagesKeys.ShouldBeTrue();
            caller.Key.ExpiresAt.ShouldBe(session.EndsAt);
        }
    }

    [Fact]
    public async Task SignIn_EleventhSession_EndsTheOldest()
    {
        var one = new Instance(tables.Account());
        var first = Accepted(await one.SignInAsync(Ada));
        for (var more = 0; more < 10; more++)
        {
            one.Clock.Advance(TimeSpan.FromMinutes(1));
            Accepted(await one.SignInAsync(Ada));
        }

        (await one.Keys.FindAsync(KeyHash.Of(first.Secret), default)).ShouldBeNull();
    }

    [Fact]
    public async Task SignIn_OfMoreAtOnceThanADayTakes_AdmitsExactlyThose()
    {
        var account = tables.Account();
        var signed = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => new Instance(
            account, number, new SignUpOptions { Plan = "starter", TermsVersion = "v1", PerDay = 3 })
            .SignInAsync(new Person("https://login.example.com", $"{number}"), address: $"10.0.0.{number}")));

        signed.Count(one => one.Accepted(out _, out _)).ShouldBe(3);
        signed.Where(one => !one.Accepted(out _, out _)).ShouldAllBe(one => CodeOf(one) == RefusalCode.SignUpLimitReached);
    }

    [Fact]
    public async Task SignIn_OfAnAddressThatIsFull_IsRefusedUntilTheNextDay()
    {
        var one = new Instance(tables.Account(), options: new() { Plan = "starter", TermsVersion = "v1", PerAddressPerDay = 1 });
        Accepted(await one.SignInAsync(Ada, address: "10.0.0.1"));
        var bert = new Person("https://login.example.com", "bert");

        (await one.SignInAsync(bert, address: "10.0.0.1")).Accepted(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(RefusalCode.SignUpLimitReached);
        refusal.RetryAfter.ShouldBe(TimeSpan.FromHours(12));
        Accepted(await one.SignInAsync(Ada, address: "10.0.0.1"));
        Accepted(await one.SignInAsync(new Person("https://login.example.com", "carl"), address: "10.0.0.2"));

        one.Clock.Advance(TimeSpan.FromHours(12));
        Accepted(await one.SignInAsync(bert, address: "10.0.0.1"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SignIn_DiesAtAStep_IsHealedByTheNext(int step)
    {
        var account = tables.Account();
        using var transport = new FaultyTransport(1, FaultRates.None);
        var dying = new Instance(tables.Account(account.Names, transport));
        var changes = 0;
        transport.Seen = request =>
            transport.Down = request.Uri.ToString().Contains("$batch", StringComparison.Ordinal) && ++changes >= step;
        await Should.ThrowAsync<IOException>(dying.SignInAsync(Ada));

        var next = new Instance(account);
        var session = Accepted(await next.SignInAsync(Ada));

        (await next.Keys.FindAsync(KeyHash.Of(session.Secret), default))!.Org.Id.ShouldBe(Ada.OrgId);
        (await next.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Invitation_AcceptedAloneByTenAtOnce_OpensOneSession()
    {
        var account = tables.Account();
        var one = new Instance(account);
        await one.InviteAsync("party", "premium");

        var signed = await Task.WhenAll(Enumerable.Range(1, 10).Select(seed =>
            new Instance(account, seed).SignInAsync(new Person(Person.ByInvitation, "party"), "party")));

        var session = signed.Where(answer => answer.Accepted(out _, out _)).ShouldHaveSingleItem();
        Accepted(session).Org.Plan.ShouldBe("premium");
        signed.Count(answer => CodeOf(answer) is RefusalCode.SignUpRefused).ShouldBe(9);
        (await one.CountAsync()).ShouldBe(0, "an invitation takes no place of the day");
    }

    [Fact]
    public async Task Invitation_AcceptedByTwoPeopleAtOnce_IsOneOnes()
    {
        var account = tables.Account();
        await new Instance(account).InviteAsync("party", "premium");
        var bert = new Person("https://login.example.com", "bert");

        var signed = await Task.WhenAll(
            new Instance(account).SignInAsync(Ada, "party"), new Instance(account, 2).SignInAsync(bert, "party"));

        signed.Count(answer => answer.Accepted(out _, out _)).ShouldBe(1);
        (await new Instance(account).Documents.ListAsync(SubjectKind.Org, null, null, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Invitation_OfOneWhoIsHereAlready_GivesItsPlanOnce()
    {
        var one = new Instance(tables.Account());
        Accepted(await one.SignInAsync(Ada)).Org.Plan.ShouldBe("starter");
        await one.InviteAsync("party", "premium");

        Accepted(await one.SignInAsync(Ada, "party")).Org.Plan.ShouldBe("premium");
        await one.Keys.ChangeAsync(Ada.OrgId, org => org with { Plan = "starter" }, default);
        Accepted(await one.SignInAsync(Ada, "party")).Org.Plan.ShouldBe("starter");
    }

    [Fact]
    public async Task SignIn_WithoutTheTermsOfNow_MakesNothing()
    {
        var one = new Instance(tables.Account());

        (await one.SignInAsync(Ada, terms: "v0")).Accepted(out _, out var refusal).ShouldBeFalse();

        refusal!.Param.ShouldBe("terms");
        (await one.Documents.ListAsync(SubjectKind.Org, null, null, 10, default)).ShouldBeEmpty();
        (await one.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task SignIn_AfterTheTermsHaveChanged_RecordsTheNewOnes()
    {
        var account = tables.Account();
        Accepted(await new Instance(account).SignInAsync(Ada));
        var later = new Instance(account, options: new() { Plan = "starter", TermsVersion = "v2" });

        Accepted(await later.SignInAsync(Ada, terms: "v2")).Org.SignUp!.Terms.ShouldBe("v2");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("ada@spam.example", false)]
    [InlineData("ada@Mail.Spam.Example", false)]
    [InlineData("ada@notspam.example", true)]
    public async Task SignIn_WhereDomainsAreBlocked_GoesByTheVerifiedAddress(string? email, bool isAdmitted)
    {
        var one = new Instance(tables.Account(), options: new() { Plan = "starter", TermsVersion = "v1", BlockedEmailDomains = "spam.example, other.example" });

        var signed = await one.SignInAsync(Ada with { VerifiedEmail = email });

        signed.Accepted(out _, out var refusal).ShouldBe(isAdmitted, refusal?.Message);
        (await one.Documents.FindAsync(Subject.OfOrg(Ada.OrgId), default) is not null).ShouldBe(isAdmitted);
    }

    [Fact]
    public async Task SignIn_OfOneWhoseOrganisationWasTakenAway_IsRefused()
    {
        var one = new Instance(tables.Account());
        Accepted(await one.SignInAsync(Ada));
        await one.Keys.ChangeAsync(Ada.OrgId, org => org with { DeletedAt = one.Clock.GetUtcNow() }, default);

        CodeOf(await one.SignInAsync(Ada)).ShouldBe(RefusalCode.SignUpRefused);
    }

    [Fact]
    public async Task SignedText_ReadForAnotherPurposeChangedOrLate_IsNothing()
    {
        var one = new Instance(tables.Account());
        var text = await one.Signed.WriteAsync("a", "hello", one.Clock.GetUtcNow().AddMinutes(1), default);

        (await one.Signed.ReadAsync("a", text, default)).ShouldBe("hello");
        (await one.Signed.ReadAsync("b", text, default)).ShouldBeNull();
        (await one.Signed.ReadAsync("a", "A" + text[1..], default)).ShouldBeNull();
        (await one.Signed.ReadAsync("a", "nothing", default)).ShouldBeNull();
        one.Clock.Advance(TimeSpan.FromMinutes(1));
        (await one.Signed.ReadAsync("a", text, default)).ShouldBeNull();
    }

    private static Session Accepted(Result<Session> signed)
    {
        signed.Accepted(out var session, out var refusal).ShouldBeTrue(refusal?.Message);
        return session!;
    }

    private static RefusalCode? CodeOf(Result<Session> signed) =>
        signed.Accepted(out _, out var refusal) ? null : refusal.Code;

    /// <summary>One instance, with its stores.</summary>
    private sealed class Instance
    {
        private readonly Registrations _registrations;
        private readonly DocumentWriter _writer;

        public Instance(StorageAccount account, int seed = 1, SignUpOptions? options = null)
        {
            var backoff = new Backoff(TimeProvider.System, new Random(seed));
            Documents = new TableDocumentStore(account, backoff);
            Signed = new SignedText(new TableEndUserSaltStore(account, backoff), Clock);
            var secrets = new TableSecretStore(account);
            _writer = new DocumentWriter(Documents, new IdSource(TimeProvider.System), Clock);
            Keys = new DocumentKeyStore(Documents, secrets, _writer, Clock);
            _registrations = new Registrations(
                Documents, secrets, _writer, new TwoPlans(), Signed,
                options ?? new SignUpOptions { Plan = "starter", TermsVersion = "v1" }, Clock);
        }

        public ManualTime Clock { get; } = new();

        public TableDocumentStore Documents { get; }

        public DocumentKeyStore Keys { get; }

        public SignedText Signed { get; }

        public Task<Result<Session>> SignInAsync(
            Person person, string? invitation = null, string terms = "v1", string address = "10.0.0.1") =>
            _registrations.SignInAsync(person, terms, invitation, address, default);

        public async Task InviteAsync(string id, string plan) => (await _writer.CreateAsync(
            AdminCommand.OfFreeway, "invitation.create", Subject.OfInvitation(id),
            SignUpDocuments.Draft(null, new Invitation(id, id, plan, Clock.GetUtcNow().AddDays(1))), default))
            .Accepted(out _, out _).ShouldBeTrue();

        /// <summary>How many people the day has counted.</summary>
        public async Task<int> CountAsync() =>
            await Documents.FindAsync(Subject.OfSignUps(DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime)), default) is { } day
                ? System.Text.Json.JsonDocument.Parse(day.Json).RootElement.GetProperty("people").EnumerateObject().Count()
                : 0;
    }

    private sealed class TwoPlans : IPlanSource
    {
        public ValueTask<PlanBook> TakePlansAsync(CancellationToken cancellation) => ValueTask.FromResult(
            new PlanBook([new Plan("starter", []), new Plan("premium", [])], PlanBook.PayAsYouGo));
    }
}

public sealed class RegistrationsTestsOnAzurite(AzuriteFixture tables) : RegistrationsTests(tables), IClassFixture<AzuriteFixture>;

public sealed class RegistrationsTestsOnEmbeddedTables(EmbeddedTablesFixture tables)
    : RegistrationsTests(tables), IClassFixture<EmbeddedTablesFixture>;

using System.Net;
using System.Text.Json;
using Freeway.FrontDoor.Tests.Guides;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Tests.Shared;

namespace Freeway.FrontDoor.Tests.SignUp;

/// <summary>People sign up through the front door, with a real provider on this machine.</summary>
public sealed class SignUpTests
{
    private static readonly string Page = Path.Combine(RepositoryFolder.Root, "docs", "sign-up.md");

    [Fact]
    public async Task SignUp_NobodyHasOpenedIt_IsNotThere()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var anybody = gateway.Client(null);

        using var offer = await anybody.GetAsync("api/v1/sign-up");
        offer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SignUpCalls.SendAsync(anybody, "api/v1/sign-up", new { terms = "1" })).Status.ShouldBe(404);
        (await SignUpCalls.SendAsync(anybody, "api/v1/sign-up/session", new { code = "1", state = "2" })).Status.ShouldBe(404);
        using var admin = gateway.Admin();
        using var invitation = await admin.OrderAsync("POST", "invitations", "{}");
        invitation.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task SignIn_WithTheProvider_MakesAnOrganisationWhoseKeyCallsForFree()
    {
        await using var gateway = await TestGateway.StartAsync(signUp: true);

        var (status, session) = await gateway.SignInAsync("ada@example.com");

        status.ShouldBe(200, session.GetRawText());
        using var signedIn = gateway.Client(session.GetProperty("secret").GetString());
        var (_, made) = await SignUpCalls.SendAsync(signedIn, "api/v1/keys", new { label = "My app" });
        using var app = gateway.Client(made.GetProperty("secret").GetString());
        using var answer = await gateway.ChatAsync("demo/echo:free", client: app);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var admin = gateway.Admin();
        var org = await gateway.GetAsync($"api/v1/admin/orgs/{session.GetProperty("org").GetProperty("id").GetString()}", admin);
        org.GetProperty("name").GetString().ShouldBe("ada");
        org.GetProperty("plan").GetString().ShouldBe("fastrouter-free");
        org.GetProperty("sign_up").GetProperty("terms").GetString().ShouldBe("test-1");
        org.GetProperty("sign_up").GetProperty("accepted_at").GetDateTimeOffset().ShouldBe(gateway.Now, TimeSpan.FromMinutes(5));
        (await gateway.EverythingAsync()).ShouldAllBe(row => !row.Contains("ada@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_Again_IsTheSameOrganisation_AndASignOutEndsOneSession()
    {
        await using var gateway = await TestGateway.StartAsync(signUp: true);
        var (first, second) = ((await gateway.SignInAsync("ada@example.com")).Body, (await gateway.SignInAsync("ada@example.com")).Body);

        second.GetProperty("org").GetProperty("id").GetString().ShouldBe(first.GetProperty("org").GetProperty("id").GetString());
        using var leaving = gateway.Client(first.GetProperty("secret").GetString());
        using var staying = gateway.Client(second.GetProperty("secret").GetString());
        using (var left = await leaving.DeleteAsync("api/v1/sign-up/session"))
        {
            left.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        using var refused = await leaving.GetAsync("api/v1/keys");
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await gateway.GetAsync("api/v1/keys", staying)).GetProperty("data").GetArrayLength().ShouldBe(0);

        gateway.Clock.MoveOn(TimeSpan.FromHours(12));
        using var ended = await staying.GetAsync("api/v1/keys");
        ended.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task SignIn_NotOfThisBrowserOrChanged_IsRefusedWithNothingMade()
    {
        await using var gateway = await TestGateway.StartAsync(signUp: true);
        using var victim = gateway.Client(null);
        using var other = gateway.Client(null);
        var (code, state) = await gateway.GoToProviderAsync(victim, "ada@example.com");

        Code(await SignUpCalls.SendAsync(other, "api/v1/sign-up/session", new { code, state })).ShouldBe("sign_in_failed");
        Code(await SignUpCalls.SendAsync(victim, "api/v1/sign-up/session", new { code, state = "another" })).ShouldBe("sign_in_failed");
        // The browser forgets an attempt with its first answer.
        Code(await SignUpCalls.SendAsync(victim, "api/v1/sign-up/session", new { code, state })).ShouldBe("sign_in_failed");

        var (_, next) = await gateway.GoToProviderAsync(victim, "ada@example.com");
        Code(await SignUpCalls.SendAsync(victim, "api/v1/sign-up/session", new { code = "made-up", state = next })).ShouldBe("sign_in_failed");
        // A code that another sign-in got: its verifier and its nonce are not this one's.
        var (stolen, _) = await gateway.GoToProviderAsync(other, "bert@example.com");
        (_, next) = await gateway.GoToProviderAsync(victim, "ada@example.com");
        Code(await SignUpCalls.SendAsync(victim, "api/v1/sign-up/session", new { code = stolen, state = next })).ShouldBe("sign_in_failed");

        using var admin = gateway.Admin();
        (await gateway.GetAsync("api/v1/admin/orgs", admin)).GetProperty("data").EnumerateArray()
            .ShouldAllBe(org => org.GetProperty("id").GetString() == "demo");
    }

    [Fact]
    public async Task SignIn_FromAPageOfElsewhereOrWithoutTheTerms_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync(signUp: true);
        using var anybody = gateway.Client(null);

        var (_, wrong) = await SignUpCalls.SendAsync(anybody, "api/v1/sign-up", new { terms = "old" });
        wrong.GetProperty("error").GetProperty("param").GetString().ShouldBe("terms");
        anybody.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        Code(await SignUpCalls.SendAsync(anybody, "api/v1/sign-up", new { terms = "test-1" })).ShouldBe("sign_up_refused");
    }

    [Fact]
    public async Task SignIn_BeyondADaysBounds_IsRefusedUntilMidnight()
    {
        await using var gateway = await TestGateway.StartAsync(
            signUp: true, settings: new Dictionary<string, string?> { ["Freeway:SignUp:PerAddressPerDay"] = "1" });
        (await gateway.SignInAsync("ada@example.com")).Status.ShouldBe(200);

        var refused = await gateway.SignInAsync("bert@example.com");

        Code(refused).ShouldBe("sign_up_limit_reached");
        refused.Body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("2026-05-30 00:00 UTC");
        (await gateway.SignInAsync("ada@example.com")).Status.ShouldBe(200);
        (await gateway.SignInAsync("bert@example.com", invitation: await gateway.InviteAsync())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task SignIn_OfABlockedDomainOrAnUnverifiedAddress_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync(
            signUp: true, settings: new Dictionary<string, string?> { ["Freeway:SignUp:BlockedEmailDomains"] = "spam.example" });

        Code(await gateway.SignInAsync("ada@mail.spam.example")).ShouldBe("sign_up_refused");
        Code(await gateway.SignInAsync("ada@example.com", isVerified: false)).ShouldBe("sign_up_refused");
        (await gateway.SignInAsync("ada@example.com")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Invitation_TakenBackOrUsed_IsRefused_AndTheListSaysByWhom()
    {
        await using var gateway = await TestGateway.StartAsync(
            signUp: true, settings: new Dictionary<string, string?> { ["Freeway:SignUp:InvitationOnly"] = "true" });
        using var admin = gateway.Admin();
        Code(await gateway.SignInAsync("ada@example.com")).ShouldBe("sign_up_refused");

        var used = await gateway.InviteAsync(""","id":"used","plan":"pay-as-you-go" """);
        var (status, session) = await gateway.SignInAsync("ada@example.com", invitation: used);
        status.ShouldBe(200, session.GetRawText());
        Code(await gateway.SignInAsync("bert@example.com", invitation: used)).ShouldBe("sign_up_refused");

        var back = await gateway.InviteAsync(""","id":"back" """);
        await admin.DoneAsync("DELETE", "invitations/back");
        Code(await gateway.SignInAsync("bert@example.com", invitation: back)).ShouldBe("sign_up_refused");

        var listed = (await gateway.GetAsync("api/v1/admin/invitations", admin)).GetProperty("data")[0];
        listed.GetProperty("accepted_by").GetString().ShouldBe(session.GetProperty("org").GetProperty("id").GetString());
        (await gateway.SignInAsync("ada@example.com")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task OwnKeys_MadeAtOnce_AreNeverMoreThanTheBound()
    {
        await using var gateway = await TestGateway.StartAsync(
            signUp: true, settings: new Dictionary<string, string?> { ["Freeway:SignUp:KeysPerPerson"] = "2" });
        using var person = gateway.Client((await gateway.InvitedAsync()).GetProperty("secret").GetString());

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SignUpCalls.SendAsync(person, "api/v1/keys", new { })));

        made.Count(one => one.Status is 201).ShouldBeLessThanOrEqualTo(2);
        made.Where(one => one.Status is not 201).ShouldAllBe(one => Code(one) == "conflict");
        var keys = (await gateway.GetAsync("api/v1/keys", person)).GetProperty("data").EnumerateArray().ToList();
        keys.Count.ShouldBe(made.Count(one => one.Status is 201));
    }

    [Fact]
    public async Task OwnKeys_OfAKeyThatTheyMade_CannotBeManagedByIt()
    {
        await using var gateway = await TestGateway.StartAsync(signUp: true);
        using var person = gateway.Client((await gateway.InvitedAsync()).GetProperty("secret").GetString());
        var (_, made) = await SignUpCalls.SendAsync(person, "api/v1/keys", new { id = "app" });
        using var app = gateway.Client(made.GetProperty("secret").GetString());

        (await SignUpCalls.SendAsync(app, "api/v1/keys", new { })).Status.ShouldBe(403);
        using (var revoked = await person.DeleteAsync("api/v1/keys/app"))
        {
            revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        using var gone = await app.GetAsync("api/v1/quota");
        gone.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var session = await person.DeleteAsync("api/v1/keys/sign-in");
        session.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Guide_EveryCommandInTurn_DoesWhatItSays()
    {
        await using var gateway = await TestGateway.StartAsync(signUp: true);

        var (exit, output) = await GuideRun.PlayAsync(gateway.Host, await File.ReadAllTextAsync(Page));

        exit.ShouldBe(0, output);
    }

    private static string Code((int Status, JsonElement Body) answer) =>
        answer.Body.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString()! : $"{answer.Status}";
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Freeway.Dashboard.Tests.Support;
using Freeway.Runner;
using Microsoft.Playwright;
using static Freeway.Dashboard.Tests.Support.Visit;

namespace Freeway.Dashboard.Tests;

/// <summary>A person who signs up by a browser, with the test provider; and one who was invited.</summary>
public sealed class SignUpTests(SignUpTests.Open open) : IClassFixture<SignUpTests.Open>
{
    private const string Terms = "I have read the terms and accept them";
    private const string WithProvider = "Sign in with the test provider";

    private readonly FreewayHost _host = open.Host;

    [Fact]
    public async Task Person_WhoSignsIn_GetsAKeyThatCallsForFree()
    {
        await using var visit = await BeginAsync(_host.Url, TimeProvider.System);
        visit.Elsewhere = _host.Issuer;
        await visit.ClickAsync(WithProvider);
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Accept the terms first");
        await AccessibilityTests.CheckAsync(visit, "Sign up");

        await visit.Page.GetByLabel(Terms).CheckAsync();
        await visit.ClickAsync(WithProvider);
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Test provider" })).ToBeVisibleAsync();
        await visit.ClickAsync("Sign in");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Keys", Exact = true })).ToBeVisibleAsync();
        visit.Page.Url.ShouldBe(new Uri(_host.Url, "dashboard#/keys").ToString());
        await Expect(visit.Page.GetByText("ada").First).ToBeVisibleAsync();
        var secret = await NewKeyAsync(visit, "My app");
        await AccessibilityTests.CheckAsync(visit, "Keys");
        (await ChatAsync(secret)).ShouldBe(HttpStatusCode.OK);

        await visit.GoAsync("Limits");
        await Expect(visit.Card("What binds this key")).ToContainTextAsync("1 of 10 used");
        await visit.GoAsync("Keys");
        await visit.ClickAsync("Revoke");
        await visit.ConfirmAsync("Revoke");
        await Expect(visit.Card("Your keys")).ToContainTextAsync("No key yet");
        (await ChatAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);

        await visit.Page.RunAndWaitForResponseAsync(
            () => visit.ClickAsync("Sign out"),
            answer => answer.Request.Method is "DELETE" && answer.Status is (int)HttpStatusCode.NoContent);
        await Expect(visit.Button(WithProvider)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Person_WhoIsInvited_AcceptsWithoutTheProvider_Once()
    {
        var link = await InviteAsync();
        await using var visit = await BeginAsync(_host.Url, TimeProvider.System, 360, ColorScheme.Dark, link);
        await visit.Page.GetByLabel(Terms).CheckAsync();
        await AccessibilityTests.CheckAsync(visit, "An invitation");
        await visit.ClickAsync("Accept for this session alone");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Keys", Exact = true })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(visit, "Keys");
        (await ChatAsync(await NewKeyAsync(visit, "My app"))).ShouldBe(HttpStatusCode.OK);

        await using var second = await BeginAsync(_host.Url, TimeProvider.System, path: link);
        await second.Page.GetByLabel(Terms).CheckAsync();
        await second.ClickAsync("Accept for this session alone");
        await Expect(second.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was accepted already");
    }

    private static async Task<string> NewKeyAsync(Visit visit, string label)
    {
        await visit.ClickAsync("New key");
        await visit.Dialog.GetByLabel("What it is for").FillAsync(label);
        await visit.ConfirmAsync("Create key");
        var secret = visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "The secret to copy" });
        await Expect(secret).ToBeVisibleAsync();
        var shown = (await secret.InnerTextAsync()).Trim();
        await visit.ClickAsync("Close");
        await Expect(visit.Card("Your keys")).ToContainTextAsync(label);
        return shown;
    }

    private async Task<string> InviteAsync()
    {
        using var client = Client(_host.AdminKey!);
        using var made = await client.PostAsJsonAsync("api/v1/admin/invitations", new { label = "A friend" });
        made.EnsureSuccessStatusCode();
        var url = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
        return new Uri(url).PathAndQuery + new Uri(url).Fragment;
    }

    private async Task<HttpStatusCode> ChatAsync(string key)
    {
        using var client = Client(key);
        using var answer = await client.PostAsJsonAsync(
            "api/v1/chat/completions",
            new { model = "demo/echo:free", messages = new[] { new { role = "user", content = "Hello" } } });
        return answer.StatusCode;
    }

    private HttpClient Client(string key) => new(new SocketsHttpHandler(), disposeHandler: true)
    {
        BaseAddress = _host.Url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>A Freeway whose sign-up is open, with a provider of its own.</summary>
    public sealed class Open : IAsyncLifetime
    {
        public FreewayHost Host { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Host = await FreewayHost.StartAsync(new FreewayHostOptions { SignUp = true });

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}

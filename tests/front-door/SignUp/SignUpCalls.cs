using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.SignUp;

/// <summary>What a browser does for a person who signs up, and what an operator does who invites one.</summary>
internal static class SignUpCalls
{
    private const string Provider = "sign_in_as";

    /// <summary>The version of the terms that are there.</summary>
    public static async Task<string> TermsAsync(this TestGateway gateway)
    {
        using var anybody = gateway.Client(null);
        return (await gateway.GetAsync("api/v1/sign-up", anybody)).GetProperty("terms").GetProperty("version").GetString()!;
    }

    /// <summary>Signs a person in, from the dashboard's button to the session or its refusal.</summary>
    public static async Task<(int Status, JsonElement Body)> SignInAsync(
        this TestGateway gateway, string email, bool isVerified = true, string? invitation = null)
    {
        using var browser = gateway.Client(null);
        var (code, state) = await gateway.GoToProviderAsync(browser, email, isVerified, invitation);
        return await SendAsync(browser, "api/v1/sign-up/session", new { code, state });
    }

    /// <summary>Goes to the provider and comes back.</summary>
    public static async Task<(string Code, string State)> GoToProviderAsync(
        this TestGateway gateway, HttpClient browser, string email, bool isVerified = true, string? invitation = null)
    {
        var begin = new Dictionary<string, string> { ["terms"] = await gateway.TermsAsync() };
        if (invitation is not null)
        {
            begin["invitation"] = invitation;
        }

        var (status, begun) = await SendAsync(browser, "api/v1/sign-up", begin);
        status.ShouldBe(200, begun.GetRawText());
        using var elsewhere = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true);
        var page = $"{begun.GetProperty("url").GetString()}&{Provider}={Uri.EscapeDataString(email)}{(isVerified ? "&verified=on" : "")}";
        using var back = await elsewhere.GetAsync(page);
        var address = back.Headers.Location.ShouldNotBeNull(await back.Content.ReadAsStringAsync());
        address.GetLeftPart(UriPartial.Path).ShouldBe(new Uri(gateway.Host.Url, "dashboard").ToString());
        var query = HttpUtility.ParseQueryString(address.Query);
        return (query["code"]!, query["state"]!);
    }

    public static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        return ((int)response.StatusCode, await response.JsonAsync());
    }

    /// <summary>Makes an invitation, and gives what stands in its link.</summary>
    public static async Task<string> InviteAsync(this TestGateway gateway, string more = "")
    {
        using var admin = gateway.Admin();
        var made = await admin.DoneAsync("POST", "invitations", $$"""{"label":"A friend"{{more}}}""");
        return made.GetProperty("url").GetString()!.Split("#/invitation/")[1];
    }

    /// <summary>The session of somebody who came by an invitation alone.</summary>
    public static async Task<JsonElement> InvitedAsync(this TestGateway gateway, string more = "")
    {
        var (invitation, terms) = (await gateway.InviteAsync(more), await gateway.TermsAsync());
        using var browser = gateway.Client(null);
        var (status, body) = await SendAsync(browser, "api/v1/sign-up/session", new { invitation, terms });
        status.ShouldBe(200, body.GetRawText());
        return body;
    }
}

using System.Net;
using System.Net.Mime;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Freeway.Runner.Loopback;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Freeway.Runner.SignIn;

/// <summary>
/// An OpenID Connect provider on this machine, for trying out sign-up and for tests: code flow with PKCE, discovery,
/// keys. It asks for no password: whoever opens its page says who they are. Its keys go with it.
/// </summary>
public sealed class TestProvider : IAsyncDisposable
{
    /// <summary>The client that it knows.</summary>
    public const string ClientId = "freeway-local";

    /// <summary>The client's secret, which is none: the provider serves this machine alone.</summary>
    public const string ClientSecret = "freeway-local-secret";

    private const string As = "sign_in_as";
    private const string Verified = "verified";

    private readonly WebApplication _app;

    private TestProvider(int port, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, LoopbackLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddOpenIddict().AddServer(server => Configure(server, time));
        _app = builder.Build();
        _app.UseAuthentication();
        _app.Run(ServeAsync);
    }

    /// <summary>Gets the issuer, e.g. <c>http://127.0.0.1:50124/</c>.</summary>
    public Uri Issuer { get; private set; } = null!;

    /// <summary>Gets the page that stands for the operator's terms.</summary>
    public Uri Terms => new(Issuer, "terms");

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<TestProvider> StartAsync(
        int port, TimeProvider time, CancellationToken cancellation = default)
    {
        var provider = new TestProvider(port, time);
        try
        {
            await provider._app.StartAsync(cancellation);
            provider.Issuer = new Uri(provider._app.Urls.Single());
            await provider.WarmUpAsync(cancellation);
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }

        return provider;
    }

    /// <summary>Asks for its own discovery and keys, so that the first who signs in does not wait for code to load.</summary>
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        foreach (var path in new[] { ".well-known/openid-configuration", ".well-known/jwks" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Issuer, path));
            using var answer = await http.SendAsync(request, cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>
    /// Sets the library up. It has no store of clients and tokens, so that the checks of a client are made here; the
    /// protocol is the library's.
    /// </summary>
    private static void Configure(OpenIddictServerBuilder server, TimeProvider time)
    {
        server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(Scopes.Email, Scopes.Profile);
        // The library's own choice, RSA of 4,096 bits, takes seconds to make.
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        server.AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256);
        server.EnableDegradedMode();
        server.Configure(options => options.TimeProvider = time);
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId is not ClientId || !IsHere(context.RedirectUri))
            {
                context.Reject(Errors.InvalidClient, "It knows one client, and pages on this machine.");
            }

            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId is not ClientId || context.ClientSecret is not ClientSecret)
            {
                context.Reject(Errors.InvalidClient, "It knows one client, by its secret.");
            }

            return default;
        }));
        server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
    }

    private static bool IsHere(string? page) => Uri.TryCreate(page, UriKind.Absolute, out var uri) && uri.IsLoopback;

    private static async Task ServeAsync(HttpContext http)
    {
        if (http.GetOpenIddictServerRequest() is not { } request)
        {
            await WriteAsync(http, http.Request.Path == "/terms"
                ? "<h1>Terms of a test</h1><p>Be kind to the demo models.</p>"
                : "<h1>Test provider</h1><p>The dashboard sends you here to sign in.</p>");
            return;
        }

        if ((string?)request[As] is not { Length: > 0 } email)
        {
            await WriteAsync(http, Page(http.Request.Query));
            return;
        }

        var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, email)
            .SetClaim(Claims.Name, email.Split('@')[0])
            .SetClaim(Claims.Email, email)
            .SetClaim(Claims.EmailVerified, request[Verified] is not null);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        await http.SignInAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Asks who signs in, and hands on what the client sent.</summary>
    private static string Page(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var kept = string.Concat(query.Select(field =>
            $"<input type=hidden name=\"{Html(field.Key)}\" value=\"{Html(field.Value.ToString())}\">"));
        return $"""
            <h1>Test provider</h1>
            <form>{kept}
            <p><label>Sign in as <input name="{As}" type="email" value="ada@example.com" required></label>
            <p><label><input name="{Verified}" type="checkbox" checked> This address is verified</label>
            <p><button>Sign in</button>
            </form>
            """;
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);

    private static Task WriteAsync(HttpContext http, string body)
    {
        http.Response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
        return http.Response.WriteAsync($"<!doctype html><html lang=en><title>Test provider</title>{body}</html>");
    }
}

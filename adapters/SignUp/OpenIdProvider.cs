using Duende.IdentityModel.Client;
using Freeway.Gateway.Core;
using Freeway.Gateway.SignUp;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Freeway.Adapters.SignUp;

/// <summary>
/// An OpenID Connect provider over HTTP. Its discovery document and keys are read when they are first needed, kept, and
/// read again when a token is signed by a key that is not among them.
/// </summary>
internal sealed class OpenIdProvider : IIdentityProvider
{
    public const string ClientName = "sign-up";

    /// <summary>Bounds an answer of the provider; discovery documents have some kilobytes.</summary>
    public const int MostBytes = 1_000_000;

    private const string Scope = "openid profile email";

    /// <summary>The most that the provider's clock may differ from ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>Signatures by the provider's key; never those by a secret that both sides have.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly IHttpClientFactory _clients;
    private readonly SignUpOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<OpenIdProvider> _logger;
    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _provider;

    public OpenIdProvider(
        IHttpClientFactory clients, SignUpOptions options, TimeProvider clock, ILogger<OpenIdProvider> logger)
    {
        (_clients, _options, _clock, _logger) = (clients, options, clock, logger);
        _provider = new(
            $"{options.Issuer!.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(clients.CreateClient(ClientName)) { RequireHttps = !IsLoopback });
    }

    private bool IsLoopback => new Uri(_options.Issuer!).IsLoopback;

    public async Task<Result<Uri>> BeginAsync(SignInAttempt attempt, CancellationToken cancellation)
    {
        if (!(await DiscoverAsync(cancellation)).Accepted(out var provider, out var refusal))
        {
            return refusal;
        }

        return new Uri(new RequestUrl(provider.AuthorizationEndpoint).CreateAuthorizeUrl(
            _options.ClientId!, "code", Scope, attempt.RedirectUri, attempt.State, attempt.Nonce,
            codeChallenge: Challenge(attempt.Verifier), codeChallengeMethod: "S256"));
    }

    public async Task<Result<Person>> FinishAsync(
        string code, SignInAttempt attempt, CancellationToken cancellation)
    {
        if (!(await DiscoverAsync(cancellation)).Accepted(out var provider, out var refusal))
        {
            return refusal;
        }

        using var client = _clients.CreateClient(ClientName);
        using var request = new AuthorizationCodeTokenRequest
        {
            Address = provider.TokenEndpoint,
            ClientId = _options.ClientId!,
            ClientSecret = string.IsNullOrEmpty(_options.ClientSecret) ? null : _options.ClientSecret,
            ClientCredentialStyle = string.IsNullOrEmpty(_options.ClientSecret)
                ? ClientCredentialStyle.PostBody
                : ClientCredentialStyle.AuthorizationHeader,
            Code = code,
            RedirectUri = attempt.RedirectUri,
            CodeVerifier = attempt.Verifier,
        };
        var answer = await client.RequestAuthorizationCodeTokenAsync(request, cancellation);
        if (answer.ErrorType is ResponseErrorType.Exception)
        {
            return Unavailable(answer.Exception);
        }

        if (answer.IsError || answer.IdentityToken is null)
        {
            OpenIdLog.CodeRefused(_logger, answer.Error ?? "no id_token");
            return Failed("The provider did not accept the sign-in. Begin again.");
        }

        return await PersonAsync(provider, answer.IdentityToken, attempt.Nonce);
    }

    private async Task<Result<Person>> PersonAsync(
        OpenIdConnectConfiguration provider, string token, string nonce)
    {
        var result = await _tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ConfigurationManager = _provider,
            ValidIssuer = provider.Issuer,
            ValidAudience = _options.ClientId,
            ValidAlgorithms = Algorithms,
            LifetimeValidator = (from, until, _, _) => IsNow(from, until),
        });
        if (!result.IsValid)
        {
            OpenIdLog.TokenRefused(_logger, result.Exception.GetType().Name);
            return Failed(
                "What the provider says of the sign-in cannot be trusted. Begin again; if it happens again, tell the "
                + "operator.");
        }

        var identity = (JsonWebToken)result.SecurityToken;
        string? Claim(string name) =>
            identity.TryGetClaim(name, out var claim) && claim.Value.Length > 0 ? claim.Value : null;
        var isForUs = identity.Audiences.Count() is 1 || Claim("azp") == _options.ClientId;
        if (!isForUs || Claim("nonce") != nonce || Claim("sub") is not { } subject)
        {
            OpenIdLog.TokenRefused(_logger, "nonce, azp or sub");
            return Failed("What the provider says is not of this sign-in. Begin again.");
        }

        var isVerified = string.Equals(Claim("email_verified"), "true", StringComparison.OrdinalIgnoreCase);
        return new Person(provider.Issuer, subject)
        {
            Name = Shortened(Claim("name") ?? Claim("preferred_username")),
            VerifiedEmail = isVerified ? Claim("email") : null,
        };
    }

    private async Task<Result<OpenIdConnectConfiguration>> DiscoverAsync(CancellationToken cancellation)
    {
        try
        {
            var found = await _provider.GetConfigurationAsync(cancellation);
            var isRight = found.Issuer?.TrimEnd('/') == _options.Issuer!.TrimEnd('/')
                && IsSafe(found.AuthorizationEndpoint) && IsSafe(found.TokenEndpoint);
            if (isRight)
            {
                return found;
            }

            OpenIdLog.WrongDiscovery(_logger, found.Issuer);
            return new Refusal(
                RefusalCode.IdentityProviderUnavailable,
                "The provider is not the one of the settings, or is not reached by https. Tell the operator of this "
                + "gateway.");
        }
        catch (Exception failure) when (
            failure is InvalidOperationException or IOException or HttpRequestException or TaskCanceledException
            && !cancellation.IsCancellationRequested)
        {
            return Unavailable(failure);
        }
    }

    private bool IsSafe(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (IsLoopback && uri.IsLoopback));

    private bool IsNow(DateTime? from, DateTime? until)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return until is { } end && now < end + Skew && (from is null || from <= now + Skew);
    }

    private static string Challenge(string verifier) => Base64UrlEncoder.Encode(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));

    private static string? Shortened(string? name) => name is { Length: > 200 } ? name[..200] : name;

    private static Refusal Failed(string message) => new(RefusalCode.SignInFailed, message);

    private Refusal Unavailable(Exception? failure)
    {
        OpenIdLog.OutOfReach(_logger, failure);
        return new Refusal(
            RefusalCode.IdentityProviderUnavailable,
            "The provider does not answer at the moment. Begin again shortly.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };
    }
}

internal static partial class OpenIdLog
{
    [LoggerMessage(4501, LogLevel.Warning, "The identity provider is out of reach")]
    public static partial void OutOfReach(ILogger logger, Exception? failure);

    [LoggerMessage(
        4502, LogLevel.Error,
        "The discovery document names another issuer than the settings, {Issuer}, or endpoints without https")]
    public static partial void WrongDiscovery(ILogger logger, string? issuer);

    [LoggerMessage(4503, LogLevel.Information, "The identity provider refused a code: {Error}")]
    public static partial void CodeRefused(ILogger logger, string error);

    [LoggerMessage(4504, LogLevel.Warning, "An identity token was refused: {Reason}")]
    public static partial void TokenRefused(ILogger logger, string reason);
}

using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;

namespace Freeway.Gateway.SignUp;

/// <summary>
/// The OpenID Connect provider that people sign in with, by its code flow with PKCE. Outage stance: a refusal that says
/// to try again; nothing was made.
/// </summary>
public interface IIdentityProvider
{
    /// <summary>Gives the provider's page to which the person's browser is sent.</summary>
    Task<Result<Uri>> BeginAsync(SignInAttempt attempt, CancellationToken cancellation);

    /// <summary>
    /// Redeems the code with which the browser came back, and checks who the provider says it is: signature, issuer,
    /// audience, lifetime and nonce.
    /// </summary>
    Task<Result<Person>> FinishAsync(string code, SignInAttempt attempt, CancellationToken cancellation);
}

/// <summary>One sign-in under way; the browser that began it keeps it in a signed cookie.</summary>
/// <param name="State">Comes back with the browser. 256 random bits.</param>
/// <param name="Nonce">Comes back in the provider's token. 256 random bits.</param>
/// <param name="Verifier">Proves to the provider that who began redeems the code. 256 random bits.</param>
/// <param name="RedirectUri">The page to which the provider sends the browser back.</param>
/// <param name="Terms">The version of the terms that the person accepted.</param>
/// <param name="Invitation">The invitation that the person came with; null for none.</param>
public sealed record SignInAttempt(
    string State, string Nonce, string Verifier, string RedirectUri, string Terms, string? Invitation);

/// <summary>A person as an issuer knows it.</summary>
/// <param name="Issuer">The provider's issuer; <c>invitation</c> for somebody whom an invitation alone brought.</param>
/// <param name="Id">The subject, unique and lasting at its issuer.</param>
public sealed record Person(string Issuer, string Id)
{
    /// <summary>The issuer of those whom an invitation alone brought.</summary>
    public const string ByInvitation = "invitation";

    /// <summary>A name for people; null where none is known.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address, if the provider has verified it; else null.</summary>
    public string? VerifiedEmail { get; init; }

    /// <summary>
    /// Gets the id of the organisation that is this person's own: always the same, and hashed, since a subject may be
    /// an address.
    /// </summary>
    public string OrgId =>
        "u-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Issuer}\n{Id}")).AsSpan(0, 16));
}

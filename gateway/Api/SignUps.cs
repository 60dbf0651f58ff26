using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.SignUp;

namespace Freeway.Gateway.Api;

/// <summary>
/// Signs people up and in: begins a sign-in at the provider, finishes it, accepts an invitation, signs out. Nothing is
/// written before a person is known.
/// </summary>
public sealed class SignUpCommands(
    IIdentityProvider provider, Registrations registrations, SignedText signed, SignUpOptions options,
    TimeProvider clock)
{
    private const string AttemptPurpose = "sign-in";
    private const int LongestToken = 2000;
    private const int LongestCode = 4000;
    private static readonly TimeSpan AttemptLasts = TimeSpan.FromMinutes(10);

    /// <summary>Describes what is open here, for a page that offers it.</summary>
    public Result<SignUpResponse> Describe() => options.IsOpen()
        ? new SignUpResponse(
            options.Plan!,
            !options.HasProvider() ? null
                : options.ProviderName is { Length: > 0 } name ? name : new Uri(options.Issuer!).Host,
            options.InvitationOnly || !options.HasProvider(),
            new TermsResponse(options.TermsVersion!, options.TermsUrl!))
        : Closed();

    /// <summary>Begins a sign-in: the browser keeps the attempt, and goes to the provider.</summary>
    /// <param name="baseUrl">The address of this Freeway, without a slash at its end.</param>
    public async Task<Result<SignInBegun>> BeginAsync(
        ReadOnlyMemory<byte> body, string baseUrl, CancellationToken cancellation)
    {
        if (!options.IsOpen() || !options.HasProvider())
        {
            return Closed();
        }

        if (!FieldReader.Open(body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var (terms, token) = (fields.Text("terms", 64), fields.Text("invitation", LongestToken));
        fields.Close();
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        if (terms != options.TermsVersion)
        {
            return Registrations.TermsChanged();
        }

        var invitation = token is null ? null : await InvitationAsync(token, cancellation);
        if (token is not null && invitation is null)
        {
            return NoInvitation();
        }

        var attempt = new SignInAttempt(Chance(), Chance(), Chance(), $"{baseUrl}/dashboard", terms!, invitation);
        if (!(await provider.BeginAsync(attempt, cancellation)).Accepted(out var page, out refusal))
        {
            return refusal;
        }

        var kept = await signed.WriteAsync(
            AttemptPurpose, SignUpDocuments.Json(attempt), clock.GetUtcNow() + AttemptLasts, cancellation);
        return new SignInBegun(new SignInResponse(page.AbsoluteUri), kept, AttemptLasts);
    }

    /// <summary>Finishes a sign-in that the browser brings back, or accepts an invitation alone.</summary>
    /// <param name="kept">The attempt that the browser kept; null where it kept none.</param>
    /// <param name="address">The address that the person comes from.</param>
    public async Task<Result<SessionResponse>> FinishAsync(
        ReadOnlyMemory<byte> body, string? kept, string address, CancellationToken cancellation)
    {
        if (!options.IsOpen())
        {
            return Closed();
        }

        if (!FieldReader.Open(body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var (code, state) = (fields.Text("code", LongestCode), fields.Text("state", LongestToken));
        var (terms, token) = (fields.Text("terms", 64), fields.Text("invitation", LongestToken));
        if (token is null)
        {
            fields.Require("code");
            fields.Require("state");
        }

        fields.Close();
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        var opened = token is null
            ? await RedeemAsync(code!, state!, kept, address, cancellation)
            : await AcceptAsync(token, terms, address, cancellation);
        return opened.Accepted(out var session, out refusal)
            ? new SessionResponse(session.Secret, new OrgResponse(session.Org.Id, session.Org.Name), session.EndsAt)
            : refusal;
    }

    /// <summary>Ends the session of the secret that was sent.</summary>
    public async Task<Result<CommandResult>> SignOutAsync(
        Caller caller, string secret, CancellationToken cancellation)
    {
        if (!caller.Key.ManagesKeys)
        {
            return OwnKeyCommands.NoSession();
        }

        var ended = await registrations.SignOutAsync(caller, KeyHash.Of(secret), cancellation);
        return ended.Accepted(out _, out var refusal) ? new CommandResult() : refusal;
    }

    private async Task<Result<Session>> RedeemAsync(
        string code, string state, string? kept, string address, CancellationToken cancellation)
    {
        var json = kept is null ? null : await signed.ReadAsync(AttemptPurpose, kept, cancellation);
        if (json is null || !options.HasProvider())
        {
            return Failed("This sign-in was not begun in this browser, or more than ten minutes ago. Begin again.");
        }

        var attempt = SignUpDocuments.Attempt(json);
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(attempt.State)))
        {
            return Failed("This is not the sign-in that was begun last in this browser. Begin again.");
        }

        return (await provider.FinishAsync(code, attempt, cancellation)).Accepted(out var person, out var refusal)
            ? await registrations.SignInAsync(person, attempt.Terms, attempt.Invitation, address, cancellation)
            : refusal;
    }

    private async Task<Result<Session>> AcceptAsync(
        string token, string? terms, string address, CancellationToken cancellation)
    {
        if (terms != options.TermsVersion)
        {
            return Registrations.TermsChanged();
        }

        return await InvitationAsync(token, cancellation) is { } id
            ? await registrations.SignInAsync(new Person(Person.ByInvitation, id), terms!, id, address, cancellation)
            : NoInvitation();
    }

    private ValueTask<string?> InvitationAsync(string token, CancellationToken cancellation) =>
        signed.ReadAsync(SignUpDocuments.InvitationPurpose, token, cancellation);

    private static string Chance() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static Refusal Failed(string message) => new(RefusalCode.SignInFailed, message);

    private static Refusal NoInvitation() => new(
        RefusalCode.SignUpRefused, "This invitation is not one of this gateway's, or has ended. Ask for another.");

    internal static Refusal Closed() => new(
        RefusalCode.NotFound, "Sign-up is not open here. An operator opens it with the settings Freeway__SignUp__….");
}

/// <summary>Describes how people sign up.</summary>
/// <param name="Plan">The plan that they get.</param>
/// <param name="Provider">The name of the provider that they sign in with; null where there is none.</param>
/// <param name="InvitationOnly">True where who is new needs an invitation.</param>
public sealed record SignUpResponse(
    string Plan,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Provider,
    bool InvitationOnly,
    TermsResponse Terms)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "sign_up";
}

/// <summary>The terms that a person accepts.</summary>
/// <param name="Version">What the acceptance names.</param>
/// <param name="Url">Where they are read.</param>
public sealed record TermsResponse(
    string Version,
    [property: SuppressMessage("Design", "CA1056", Justification = "It is written as it was given.")] string Url);

/// <summary>A sign-in that was begun.</summary>
/// <param name="Kept">What the browser keeps, in a cookie that no script reads.</param>
/// <param name="Lasts">How long.</param>
public sealed record SignInBegun(SignInResponse Response, string Kept, TimeSpan Lasts);

/// <summary>The provider's page, where the sign-in goes on.</summary>
/// <param name="Url">The browser is sent there.</param>
public sealed record SignInResponse(
    [property: SuppressMessage("Design", "CA1056", Justification = "It is written as it was given.")] string Url)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "sign_in";
}

/// <summary>A session: a secret that is sent like an API key, and that may also manage the person's keys.</summary>
/// <param name="Secret">It is shown once; a further sign-in gives another.</param>
/// <param name="ExpiresAt">When it stops working.</param>
public sealed record SessionResponse(string Secret, OrgResponse Org, DateTimeOffset ExpiresAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "session";
}

namespace Freeway.Gateway.SignUp;

/// <summary>Configures sign-up. It is off until a plan is named.</summary>
public sealed class SignUpOptions
{
    /// <summary>
    /// The plan of the catalogue that people get who sign up; it opens sign-up. Empty keeps sign-up off.
    /// </summary>
    public string? Plan { get; set; }

    /// <summary>
    /// The address at which browsers reach this Freeway, e.g. <c>https://freeway.example.com</c>. The provider sends
    /// people back to <c>/dashboard</c> under it. Needed unless the issuer is on loopback.
    /// </summary>
    public string? BaseUrl { get; set; }

    /// <summary>
    /// The OpenID Connect provider that people sign in with, by its issuer as its discovery document names it. https,
    /// or loopback. Empty for invitations alone.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>The client id that the provider has given to this Freeway.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret; empty for a client without one, which PKCE alone protects.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The provider's name on the dashboard's button; its host where it is empty. 60 characters at most.</summary>
    public string? ProviderName { get; set; }

    /// <summary>The version of the terms that people accept, e.g. <c>2026-11</c>. 1 to 64 characters.</summary>
    public string? TermsVersion { get; set; }

    /// <summary>The address at which the terms are read; https, or loopback.</summary>
    public string? TermsUrl { get; set; }

    /// <summary>Lets nobody new in without an invitation, also where people sign in with the provider.</summary>
    public bool InvitationOnly { get; set; }

    /// <summary>The most people who may sign up without an invitation in a UTC day. 1 to 2,000.</summary>
    public int PerDay { get; set; } = 100;

    /// <summary>
    /// The most people who may sign up without an invitation from one address (of IPv6 one /64 network) in a UTC day. 1
    /// to 2,000.
    /// </summary>
    public int PerAddressPerDay { get; set; } = 3;

    /// <summary>
    /// The number of proxies before this Freeway that add a public address to <c>X-Forwarded-For</c>, Azure's own
    /// included: what the first of them saw is the person's. Private addresses are passed over. 0 takes the
    /// connection's. 0 to 5.
    /// </summary>
    public int ForwardedHops { get; set; } = 1;

    /// <summary>
    /// The domains whose e-mail addresses may not sign up, with commas between; subdomains are meant too. Where one is
    /// named, a person needs an address that the provider has verified.
    /// </summary>
    public string? BlockedEmailDomains { get; set; }

    /// <summary>The most keys that a person may have at a time, beside the session. 1 to 100.</summary>
    public int KeysPerPerson { get; set; } = 10;

    /// <summary>The hours for which a person stays signed in. 1 to 720.</summary>
    public int SessionHours { get; set; } = 12;

    // Methods, since every property is looked for among the settings.

    /// <summary>Tells whether anybody can sign up or sign in here.</summary>
    public bool IsOpen() => !string.IsNullOrEmpty(Plan);

    /// <summary>Tells whether people sign in with a provider.</summary>
    public bool HasProvider() => !string.IsNullOrEmpty(Issuer);

    /// <summary>Lists the blocked domains in lower case, without a dot before them.</summary>
    public IReadOnlyList<string> BlockedDomains() =>
        [.. (BlockedEmailDomains ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(domain => domain.TrimStart('.', '@').ToLowerInvariant())];
}

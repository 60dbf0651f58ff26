using Freeway.Gateway.SignUp;

namespace Freeway.Functions.Settings;

/// <summary>Checks the settings of sign-up. Where it is off, only what has bounds is looked at.</summary>
internal static class SignUpSettings
{
    /// <summary>Finds all that is wrong.</summary>
    /// <param name="isResolved">Tells whether a value is one, and no reference that the vault does not have.</param>
    /// <returns>The setting's last part, and what it must be.</returns>
    public static IEnumerable<(string Setting, string Wanted)> Errors(
        SignUpOptions options, Func<string, bool> isResolved) =>
        [.. Bounds(options), .. options.IsOpen() ? Needs(options, isResolved) : []];

    private static IEnumerable<(string Setting, string Wanted)> Bounds(SignUpOptions options)
    {
        (string Setting, int Value, int Least, int Most)[] bounds =
        [
            (nameof(options.PerDay), options.PerDay, 1, 2000),
            (nameof(options.PerAddressPerDay), options.PerAddressPerDay, 1, 2000),
            (nameof(options.ForwardedHops), options.ForwardedHops, 0, 5),
            (nameof(options.KeysPerPerson), options.KeysPerPerson, 1, 100),
            (nameof(options.SessionHours), options.SessionHours, 1, 720),
        ];
        return bounds.Where(bound => bound.Value < bound.Least || bound.Value > bound.Most)
            .Select(bound => (bound.Setting, $"{bound.Least} to {bound.Most}"));
    }

    private static IEnumerable<(string Setting, string Wanted)> Needs(
        SignUpOptions options, Func<string, bool> isResolved)
    {
        var isLocal = options.HasProvider() && Address(options.Issuer) is { IsLoopback: true };
        if (!string.IsNullOrEmpty(options.Issuer) && Address(options.Issuer) is null)
        {
            yield return (nameof(options.Issuer), "an https address, or one on loopback, without a query");
        }

        if (options.HasProvider() && string.IsNullOrEmpty(options.ClientId))
        {
            yield return (nameof(options.ClientId), "the client id that the provider has given");
        }

        if (!isResolved(options.ClientSecret ?? ""))
        {
            yield return (
                nameof(options.ClientSecret), "the client's secret; if it is a reference, the vault must have it");
        }

        if (string.IsNullOrEmpty(options.BaseUrl) ? !isLocal : Address(options.BaseUrl) is null)
        {
            yield return (
                nameof(options.BaseUrl),
                "the address of this Freeway, https or on loopback, as in https://freeway.example.com");
        }

        if (options.TermsVersion is not { Length: >= 1 and <= 64 })
        {
            yield return (nameof(options.TermsVersion), "the version of the terms, 1 to 64 characters");
        }

        if (Address(options.TermsUrl) is null)
        {
            yield return (nameof(options.TermsUrl), "the address of the terms, https or on loopback");
        }

        if (options.ProviderName is { Length: > 60 })
        {
            yield return (nameof(options.ProviderName), "60 characters at most");
        }

        if (options.BlockedDomains().Any(domain => Uri.CheckHostName(domain) is not UriHostNameType.Dns))
        {
            yield return (
                nameof(options.BlockedEmailDomains), "domains with commas between, as in example.com,example.net");
        }
    }

    /// <summary>An address by https, or on loopback; null for any other text.</summary>
    private static Uri? Address(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : null;
}

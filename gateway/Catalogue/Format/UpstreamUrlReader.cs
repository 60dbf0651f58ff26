using System.Net;
using System.Text.RegularExpressions;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Catalogue.Format;

/// <summary>
/// Reads an upstream's address, and refuses those that a key must not be sent to. Errors never show the address: it may
/// hold a secret.
/// </summary>
internal sealed partial class UpstreamUrlReader(CatalogueErrors errors, Func<string, string?> setting)
{
    /// <summary>Stands for what is not known of an upstream that is never called.</summary>
    private const string Unknown = "unknown.invalid";

    private readonly bool _allowHttp = Flag(errors, setting, "AllowHttpUpstreams");
    private readonly bool _allowPrivate = Flag(errors, setting, "AllowPrivateUpstreams");

    /// <param name="ready">
    /// Whether it will be called; where not, settings that its address needs may be missing.
    /// </param>
    public Uri Read(string? text, string at, bool ready)
    {
        text = PlaceholderPattern.Replace(text ?? "", match => Value(match.Groups[1].Value, at, ready)).TrimEnd('/');
        if (!errors.Check(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", at, "must be an absolute http or https URL"))
        {
            return new Uri($"https://{Unknown}");
        }

        errors.Check(
            url!.Scheme is "https" || url.IsLoopback || _allowHttp,
            at, "must be https, except on loopback; Freeway__AllowHttpUpstreams allows http");
        errors.Check(url.UserInfo.Length is 0, at, "must hold no user and no password");
        errors.Check(url.Query.Length is 0 && url.Fragment.Length is 0, at, "must end with its path");
        errors.Check(
            url.IsLoopback || _allowPrivate || !IPAddress.TryParse(url.DnsSafeHost, out var address) || !PrivateAddress.Is(address), at,
            "must not be a private address; Freeway__AllowPrivateUpstreams allows them");
        return url;
    }

    private string Value(string name, string at, bool ready)
    {
        if (setting(name) is { Length: > 0 } value)
        {
            return errors.Check(ValuePattern.IsMatch(value), at, $"the setting {name} must be letters, digits, dots, dashes and underscores") ? value : Unknown;
        }

        errors.Check(!ready, at, $"the setting {name} is needed: it is part of the address");
        return Unknown;
    }

    private static bool Flag(CatalogueErrors errors, Func<string, string?> setting, string name)
    {
        var text = setting($"Freeway:{name}");
        var set = false;
        errors.Check(text is null or "" || bool.TryParse(text, out set), $"Freeway__{name}", "must be true or false");
        return set;
    }

    [GeneratedRegex(@"\{([A-Z][A-Z0-9_]*)\}")]
    private static partial Regex PlaceholderPattern { get; }

    [GeneratedRegex("^[A-Za-z0-9._-]+$")]
    private static partial Regex ValuePattern { get; }
}

using System.Net;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Says which addresses notices are sent to: https, and nothing in a private network unless the settings allow it. A
/// name that leads into a private network is found when it is connected to.
/// </summary>
public static class WebhookUrl
{
    /// <summary>The longest address, in characters.</summary>
    public const int Longest = 2000;

    /// <summary>
    /// Checks an address and says what is wrong with it, as the end of a sentence; null where it is good.
    /// </summary>
    public static string? Fault(string text, NoticeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return "must be an absolute https URL";
        }

        var isLocal = options.AllowPrivateReceivers && url.IsLoopback;
        return url.Scheme is not "https" && !isLocal
                ? "must be https; Freeway__Notices__AllowPrivateReceivers allows http on loopback"
            : url.UserInfo.Length > 0 ? "must hold no user and no password: notices are signed instead"
            : url.Fragment.Length > 0 ? "must have no fragment"
            : IsPrivate(url) && !options.AllowPrivateReceivers
                ? "must not be a private address; Freeway__Notices__AllowPrivateReceivers allows them"
            : null;
    }

    private static bool IsPrivate(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && PrivateAddress.Is(address));
}

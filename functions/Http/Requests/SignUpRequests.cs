using System.Net;
using System.Net.Sockets;
using Freeway.Gateway.Core;
using Freeway.Gateway.SignUp;
using Freeway.Gateway.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Requests;

/// <summary>
/// Reads from requests what sign-up goes by: the address of this Freeway, the person's address, and the cookie in which
/// the browser keeps a sign-in that is under way.
/// </summary>
public sealed class SignUpRequests(SignUpOptions options)
{
    /// <summary>A name that browsers take from this host alone, over https, for all paths.</summary>
    private const string SafeCookie = "__Host-freeway-sign-in";

    private const string LoopbackCookie = "freeway-sign-in";
    private const int Ipv6Network = 8;

    /// <summary>
    /// Finds the address at which the browser reaches this Freeway, and refuses a request from a page of elsewhere.
    /// </summary>
    public Result<string> BaseUrl(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        var isLoopback = host is "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
        var own = options.BaseUrl is { Length: > 0 } given ? given.TrimEnd('/')
            : isLoopback ? $"{Uri.UriSchemeHttp}://{request.Host}"
            : null;
        if (own is null)
        {
            return new Refusal(
                RefusalCode.SignUpRefused,
                "Sign-up is set for loopback alone. The operator sets Freeway__SignUp__BaseUrl to serve others.");
        }

        // Browsers name the page's origin with every POST; programs need not.
        var origin = request.Headers.Origin.ToString();
        return origin.Length is 0 || origin == new Uri(own).GetLeftPart(UriPartial.Authority)
            ? own
            : new Refusal(RefusalCode.SignUpRefused, $"Sign-up goes from the dashboard at {own}/dashboard alone.");
    }

    /// <summary>The person's address; of IPv6 the /64 network, which is one subscriber's.</summary>
    public string Address(HttpContext http)
    {
        // What a person sends stands first; each proxy adds to the end what it saw. Proxies inside a platform see its
        // private addresses, and may add one of them or none.
        IPAddress[] seen =
        [
            .. http.Request.Headers["X-Forwarded-For"].ToString()
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text => IPEndPoint.TryParse(text, out var point) ? point.Address : null)
                .OfType<IPAddress>()
                .Where(one => !PrivateAddress.Is(one)),
        ];
        var counted = Math.Min(options.ForwardedHops, seen.Length);
        var address = counted > 0 ? seen[^counted] : http.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, Ipv6Network))
            : address.ToString();
    }

    /// <summary>The sign-in that the browser keeps; null where it keeps none.</summary>
    public static string? Kept(HttpRequest request) =>
        request.Cookies[SafeCookie] ?? request.Cookies[LoopbackCookie];

    /// <summary>Has the browser keep a sign-in.</summary>
    /// <param name="baseUrl">As <see cref="BaseUrl"/> gives it.</param>
    public static void Keep(HttpResponse response, string baseUrl, string kept, TimeSpan lasts) =>
        response.Cookies.Append(NameAt(baseUrl), kept, Cookie(baseUrl, lasts));

    /// <summary>Has the browser forget the sign-in.</summary>
    /// <param name="baseUrl">As <see cref="BaseUrl"/> gives it.</param>
    public static void Forget(HttpResponse response, string baseUrl) =>
        response.Cookies.Append(NameAt(baseUrl), "", Cookie(baseUrl, TimeSpan.Zero));

    private static string NameAt(string baseUrl) => IsSafe(baseUrl) ? SafeCookie : LoopbackCookie;

    private static CookieOptions Cookie(string baseUrl, TimeSpan lasts) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = lasts,
        Path = "/",
        // The page sends it by a request of its own, after the browser has come back.
        SameSite = SameSiteMode.Strict,
        Secure = IsSafe(baseUrl),
    };

    private static bool IsSafe(string baseUrl) => baseUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
}

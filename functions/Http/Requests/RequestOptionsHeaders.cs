using System.Globalization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
using Freeway.Gateway.Models;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Requests;

/// <summary>The headers by which a caller asks for something beside the request.</summary>
internal static class RequestOptionsHeaders
{
    private const string OverflowHeader = "x-freeway-overflow";
    private const string IncludeHeader = "x-freeway-include";
    private const string IdempotencyHeader = "Idempotency-Key";
    private const int LongestKey = 255;
    private const string MaxAge = "max-age=";
    private const int LongestAge = 7 * 24 * 3600;

    /// <summary>Asks for the response cache.</summary>
    private const string CacheHeader = "x-freeway-cache";

    /// <summary>Names the end user whom a request is for, or whom somebody looks for.</summary>
    public const string EndUserHeader = "x-freeway-end-user";

    private static bool Is(string option, string name) => string.Equals(option, name, StringComparison.OrdinalIgnoreCase);

    private const int LongestPassed = 2000;

    public static Result<RequestOptions> Read(IHeaderDictionary headers, Surface? surface = null)
    {
        if (!Passed(headers, surface).Accepted(out var passed, out var refusal))
        {
            return refusal;
        }

        var key = headers[IdempotencyHeader].ToString();
        if (key.Length > LongestKey || key.Any(char.IsControl))
        {
            return Refuse.InvalidField(
                IdempotencyHeader, $"An Idempotency-Key has 1 to {LongestKey} printable characters.");
        }

        var wanted = headers[OverflowHeader].ToString().Trim().ToLowerInvariant();
        var overflow = WireNames.Of<Overflow>().Find(wanted);
        if (wanted.Length > 0 && overflow is null)
        {
            return Refuse.InvalidField(OverflowHeader, $"x-freeway-overflow is one of {WireNames.Of<Overflow>()}.");
        }

        if (!TryReadCache(headers, out var cache))
        {
            return Refuse.InvalidField(
                CacheHeader,
                $"x-freeway-cache can ask for: use, refresh, max-age=1 to max-age={LongestAge} (seconds).");
        }

        var include = headers[IncludeHeader] is { Count: > 0 } listed ? Options(listed) : [];
        return include.Exists(option => !Is(option, "quota") && !Is(option, "route"))
            ? Refuse.InvalidField(IncludeHeader, "x-freeway-include can ask for: quota, route.")
            : new RequestOptions(
                overflow, key is "" ? null : key, include.Exists(option => Is(option, "quota")),
                include.Exists(option => Is(option, "route")),
                EndUser(headers))
            {
                Passed = passed,
                Cache = cache,
            };
    }

    private static List<string> Options(IEnumerable<string?> listed) =>
    [
        .. listed.SelectMany(value => (value ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    ];

    /// <summary>Reads <c>use</c>, <c>refresh</c> and <c>max-age=60</c>, with commas between.</summary>
    private static bool TryReadCache(IHeaderDictionary headers, out CacheOptions? cache)
    {
        cache = null;
        if (!headers.TryGetValue(CacheHeader, out var sent))
        {
            return true;
        }

        var words = sent.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries));
        foreach (var word in words)
        {
            cache ??= new CacheOptions(Refresh: false, MaxAge: null);
            if (Is(word, "refresh"))
            {
                cache = cache with { Refresh = true };
            }
            else if (word.StartsWith(MaxAge, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(
                    word.AsSpan(MaxAge.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 1 and <= LongestAge)
            {
                cache = cache with { MaxAge = TimeSpan.FromSeconds(seconds) };
            }
            else if (!Is(word, "use"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads what upstreams that speak the surface are told, as the caller wrote it.</summary>
    private static Result<Dictionary<string, string>> Passed(IHeaderDictionary headers, Surface? surface)
    {
        var passed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in surface?.PassedHeaders ?? [])
        {
            var sent = headers[header.Name].ToString();
            if (sent.Length > LongestPassed || sent.Any(sign => sign is < ' ' or > '~'))
            {
                return Refuse.InvalidField(
                    header.Name, $"'{header.Name}' has up to {LongestPassed} printable ASCII characters.");
            }

            if ((sent is "" ? header.Default : sent) is { } value)
            {
                passed[header.Name] = value;
            }
        }

        return passed;
    }

    /// <summary>The fields of a query for use: parameters, but that the end user may be in the header.</summary>
    public static Func<string, string?> Fields(HttpRequest request) =>
        name => name is "end_user" ? EndUser(request) : request.Query[name];

    /// <summary>
    /// Reads the end user whom somebody looks for, in the header or else in the query, where logs of the way here may
    /// show it; null where there is none.
    /// </summary>
    public static string? EndUser(HttpRequest request) =>
        EndUser(request.Headers) ?? (request.Query["end_user"].ToString() is { Length: > 0 } id ? id : null);

    /// <summary>Reads the id of the end user; null where there is none.</summary>
    public static string? EndUser(IHeaderDictionary headers) =>
        headers[EndUserHeader].ToString() is { } id && !string.IsNullOrWhiteSpace(id) ? id : null;
}

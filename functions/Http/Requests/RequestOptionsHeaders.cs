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

        var include = headers[IncludeHeader].SelectMany(value => (value ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return include.Exists(option => !Is(option, "quota") && !Is(option, "route"))
            ? Refuse.InvalidField(IncludeHeader, "x-freeway-include can ask for: quota, route.")
            : new RequestOptions(
                overflow, key is "" ? null : key, include.Exists(option => Is(option, "quota")),
                include.Exists(option => Is(option, "route")))
            {
                Passed = passed,
            };
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
}

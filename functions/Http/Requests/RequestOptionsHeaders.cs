using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Inference;
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

    public static Result<RequestOptions> Read(IHeaderDictionary headers)
    {
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
                include.Exists(option => Is(option, "route")));
    }
}

using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;

namespace Freeway.Functions.Http.Requests;

/// <summary>The headers that come with a change.</summary>
internal sealed record ConditionalHeaders(Precondition Expected, string? IdempotencyKey)
{
    private const string Once = "Idempotency-Key";
    private const int LongestKey = 200;

    public static Result<ConditionalHeaders> Read(HttpRequest request)
    {
        var key = request.Headers.TryGetValue(Once, out var given) ? given.ToString() : null;
        return key is null or { Length: >= 1 and <= LongestKey }
            ? new ConditionalHeaders(Wanted(request), key)
            : Refuse.InvalidField(Once, $"The header '{Once}' must be 1 to {LongestKey} characters, or be left out.");
    }

    /// <summary>
    /// A tag that is broken is none that anything could have: then the change is refused. A weak one counts, as a
    /// compressed answer carries it: it names the same revision, of which only the bytes on the wire were others.
    /// </summary>
    private static Precondition Wanted(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("If-Match", out var given))
        {
            return Precondition.Anything;
        }

        var tags = new RequestHeaders(request.Headers).IfMatch;
        return given.ToString().Trim() is "*" ? Precondition.Anything
            : new Precondition([.. tags.Select(tag => tag.Tag.ToString().Trim('"'))]);
    }
}

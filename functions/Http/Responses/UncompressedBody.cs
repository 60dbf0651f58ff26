using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freeway.Functions.Http.Responses;

/// <summary>
/// The server's own way to write a body, for answers that are never compressed: nothing may stand between a stream and
/// its caller.
/// </summary>
internal sealed class UncompressedBody(IHttpResponseBodyFeature body)
{
    public static void Keep(HttpContext http) => http.Features.Set(
        new UncompressedBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));

    /// <summary>Puts the server's own body back in place. It must be called before the first byte is written.</summary>
    public static void Restore(HttpContext http) => http.Features.Get<UncompressedBody>()?.RestoreIn(http);

    private void RestoreIn(HttpContext http) => http.Features.Set(body);
}

/// <summary>
/// About how many bytes a body has that comes whole, where its exact length is not known when it begins: enough to say
/// whether it is worth compressing.
/// </summary>
internal sealed record RoughLength(long Bytes)
{
    /// <summary>Notes the length for an answer; before the first byte is written.</summary>
    public static void Tell(HttpContext http, long bytes) => http.Features.Set(new RoughLength(bytes));

    /// <summary>Finds the length that was noted; null where none was.</summary>
    public static long? Of(HttpContext http) => http.Features.Get<RoughLength>()?.Bytes;
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freeway.Functions.Http.Middleware;

/// <summary>The server's own way to write a body, for answers that are never compressed: nothing may stand between a stream and its caller.</summary>
internal sealed class PlainBody(IHttpResponseBodyFeature body)
{
    public static void Keep(HttpContext http) => http.Features.Set(new PlainBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));

    /// <summary>Before the first byte is written.</summary>
    public static void Restore(HttpContext http) => http.Features.Get<PlainBody>()?.RestoreIn(http);

    private void RestoreIn(HttpContext http) => http.Features.Set(body);
}

using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http;

internal static class HeaderSize
{
    public static int Of(HttpRequest request) =>
        request.Headers.Sum(header => header.Key.Length + header.Value.Sum(value => value?.Length ?? 0));
}

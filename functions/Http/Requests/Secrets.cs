using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Requests;

/// <summary>Finds the key that a caller sent: as bearer, or in <c>x-api-key</c>.</summary>
internal static class Secrets
{
    private const string Bearer = "Bearer ";

    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : request.Headers["x-api-key"].ToString() is { Length: > 0 } key ? key : null;
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Responses;

/// <summary>
/// Writes a JSON body whole, with its length: so that HEAD can tell it, and compression knows whether it is worth it.
/// </summary>
internal static class JsonResponse
{
    public const string Json = "application/json; charset=utf-8";
    public const string Problem = "application/problem+json";

    public static async Task WriteAsync<T>(
        HttpResponse response, T value, JsonTypeInfo<T> json, string contentType = Json)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, json);
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }
}

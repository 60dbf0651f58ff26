using System.Net;
using System.Text.Json;

namespace Refit.Requests;

internal static class ResponseBody<T>
{
    /// <summary>Whether the caller goes on reading from the response, which must then stay open.</summary>
    public static bool KeepsResponse { get; } =
        typeof(T) == typeof(HttpResponseMessage) || typeof(T) == typeof(HttpContent) || typeof(T) == typeof(Stream);

    /// <exception cref="ApiException">It is not what it should be.</exception>
    public static async Task<T?> ReadAsync(Exchange exchange, HttpResponseMessage response)
    {
        if (typeof(T) == typeof(HttpResponseMessage))
        {
            return (T)(object)response;
        }

        if (typeof(T) == typeof(HttpContent))
        {
            return (T)(object)response.Content;
        }

        if (typeof(T) == typeof(Stream))
        {
            return (T)(object)await response.Content.ReadAsStreamAsync(exchange.Cancellation).ConfigureAwait(false);
        }

        if (typeof(T) == typeof(string))
        {
            return (T)(object)await response.Content.ReadAsStringAsync(exchange.Cancellation).ConfigureAwait(false);
        }

        if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0)
        {
            return default;
        }

        try
        {
            return await exchange.Settings.ContentSerializer.FromHttpContentAsync<T>(response.Content, exchange.Cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw await exchange.MisunderstandAsync(response, failure).ConfigureAwait(false);
        }
    }
}

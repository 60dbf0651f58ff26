using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Refit;

/// <summary>An answer came, but with an error status, or it could not be understood.</summary>
public class ApiException : ApiExceptionBase
{
    private ApiException(
        string message, HttpRequestMessage request, HttpResponseMessage response, string? content, RefitSettings settings, Exception? inner)
        : base(message, request, request.Method, settings, inner)
    {
        StatusCode = response.StatusCode;
        ReasonPhrase = response.ReasonPhrase;
        Headers = response.Headers;
        ContentHeaders = response.Content.Headers;
        Content = content;
    }

    public HttpStatusCode StatusCode { get; }

    public string? ReasonPhrase { get; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders? ContentHeaders { get; }

    public string? Content { get; }

    [MemberNotNullWhen(true, nameof(Content))]
    public bool HasContent => !string.IsNullOrWhiteSpace(Content);

    public static Task<ApiException> Create(
        HttpRequestMessage message, HttpMethod httpMethod, HttpResponseMessage response, RefitSettings refitSettings) =>
        Create(
            $"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase}).",
            message, httpMethod, response, refitSettings);

    public static async Task<ApiException> Create(
        string exceptionMessage,
        HttpRequestMessage message,
        HttpMethod httpMethod,
        HttpResponseMessage response,
        RefitSettings refitSettings,
        Exception? innerException = null)
    {
        _ = httpMethod;
        string? content = null;
        try
        {
            content = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is HttpRequestException or IOException or InvalidOperationException)
        {
            // The status is the news; a body that breaks off must not hide it.
        }

        return new ApiException(exceptionMessage, message, response, content, refitSettings, innerException);
    }

    public async Task<T?> GetContentAsAsync<T>()
    {
        if (!HasContent)
        {
            return default;
        }

        using var content = new StringContent(Content);
        return await RefitSettings.ContentSerializer.FromHttpContentAsync<T>(content).ConfigureAwait(false);
    }
}

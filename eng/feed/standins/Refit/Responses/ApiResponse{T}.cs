using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Refit;

/// <summary>What came of a call. It owns the response.</summary>
public sealed class ApiResponse<T>(
    HttpRequestMessage request, HttpResponseMessage? response, T? content, RefitSettings settings, ApiExceptionBase? error = null)
    : IApiResponse<T>
{
    public T? Content { get; } = content;

    public RefitSettings Settings { get; } = settings;

    public HttpResponseHeaders? Headers => response?.Headers;

    public HttpContentHeaders? ContentHeaders => response?.Content.Headers;

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsSuccessStatusCode => response is { IsSuccessStatusCode: true };

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsSuccessful => IsSuccessStatusCode && Error is null;

    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsReceived => response is not null;

    public HttpStatusCode? StatusCode => response?.StatusCode;

    public string? ReasonPhrase => response?.ReasonPhrase;

    public HttpRequestMessage RequestMessage => request;

    public Version? Version => response?.Version;

    public ApiExceptionBase? Error { get; } = error;

    public bool HasRequestError([NotNullWhen(true)] out ApiRequestException? error) => (error = Error as ApiRequestException) is not null;

    public bool HasResponseError([NotNullWhen(true)] out ApiException? error) => (error = Error as ApiException) is not null;

    public async Task<ApiResponse<T>> EnsureSuccessStatusCodeAsync()
    {
        if (IsSuccessStatusCode)
        {
            return this;
        }

        var thrown = Error ?? await ApiException.Create(request, request.Method, response!, Settings).ConfigureAwait(false);
        Dispose();
        throw thrown;
    }

    public void Dispose() => response?.Dispose();
}

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Refit;

public interface IApiResponse : IDisposable
{
    HttpResponseHeaders? Headers { get; }

    HttpContentHeaders? ContentHeaders { get; }

    [MemberNotNullWhen(true, nameof(Headers), nameof(ContentHeaders), nameof(StatusCode))]
    bool IsSuccessStatusCode { get; }

    /// <summary>A success status, and a body that could be understood.</summary>
    [MemberNotNullWhen(true, nameof(Headers), nameof(ContentHeaders), nameof(StatusCode))]
    bool IsSuccessful { get; }

    /// <summary>Whether any answer came.</summary>
    [MemberNotNullWhen(true, nameof(Headers), nameof(ContentHeaders), nameof(StatusCode))]
    bool IsReceived { get; }

    HttpStatusCode? StatusCode { get; }

    string? ReasonPhrase { get; }

    HttpRequestMessage? RequestMessage { get; }

    Version? Version { get; }

    ApiExceptionBase? Error { get; }
}

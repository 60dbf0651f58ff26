using System.Collections.Concurrent;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>Checks every answer that comes by against <c>openapi.json</c>: its status, its media type, its body, the ids on it.</summary>
public sealed class CheckedAnswers(HttpMessageHandler inner, ConcurrentBag<string> seen) : DelegatingHandler(inner)
{
    private const string Error = "/components/schemas/Error";
    private const string MessagesError = "/components/schemas/MessagesError";
    private const string Problem = "/components/schemas/Problem";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.Method == HttpMethod.Options)
        {
            return response;
        }

        var head = request.Method == HttpMethod.Head;
        var method = head ? "GET" : request.Method.Method;
        var path = request.RequestUri!.AbsolutePath;
        var status = (int)response.StatusCode;
        foreach (var id in new[] { "x-request-id", "x-freeway-request-id" })
        {
            response.Headers.Contains(id).ShouldBeTrue($"{method} {path} answered {status} without {id}");
        }

        var schema = Find(method, path, status, response.Content.Headers.ContentType?.MediaType ?? "");
        if (!head && response.Content.Headers is { ContentType.MediaType: "application/json" or "application/problem+json", ContentEncoding.Count: 0 })
        {
            response.Content = new CheckedContent(response.Content, body => CheckAsync($"{method} {path} {status}", schema, body));
        }

        return response;
    }

    private string Find(string method, string path, int status, string mediaType)
    {
        if (ServedDocument.Operations.FirstOrDefault(operation => operation.Method == method && operation.IsAt(path)) is not { } operation)
        {
            status.ShouldBe(ServedDocument.Operations.Any(other => other.IsAt(path)) ? 405 : 404, $"{method} {path} is not in openapi.json");
            return mediaType is "application/problem+json" ? Problem
                : path.StartsWith("/api/v1/messages", StringComparison.OrdinalIgnoreCase) ? MessagesError
                : Error;
        }

        var documented = operation.Documented(status).ShouldNotBeNull($"{method} {path} answered {status}, which openapi.json does not have");
        seen.Add($"{documented} {operation.Method} {operation.Path}");
        return status is 304 or 204 ? "" : operation.Schema(documented, mediaType).ShouldNotBeNull($"{method} {path} answered {status} as {mediaType}, which openapi.json does not have");
    }

    private static async Task CheckAsync(string answer, string schema, ReadOnlyMemory<byte> body) =>
        (await SchemaChecker.CheckAsync(schema, body)).ShouldBeEmpty($"{answer} does not fit {schema}: {System.Text.Encoding.UTF8.GetString(body.Span)}");
}

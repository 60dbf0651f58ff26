using System.Net;
using System.Text;
using Refit;

namespace Freeway.Feed.Tests.Refit;

/// <summary>Answers as scripted, and remembers what it was asked.</summary>
internal sealed class ScriptedServer(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public HttpRequestMessage? Request { get; private set; }

    public string? Body { get; private set; }

    public static ScriptedServer Answering(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(_ => new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") });

    public ISample Client(string baseAddress = "http://upstream.test/v1")
    {
#pragma warning disable RS0030 // no factory between the client and the script
        var http = new HttpClient(this) { BaseAddress = new Uri(baseAddress) };
#pragma warning restore RS0030
        return RestService.For<ISample>(http);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Request = request;
        Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var response = answer(request);
        response.RequestMessage = request;
        return response;
    }
}

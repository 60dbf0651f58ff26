using System.Net.Sockets;
using System.Text;
using Freeway.Adapters.Upstreams;
using Freeway.Gateway.Core;
using Freeway.Gateway.Notices;

namespace Freeway.Adapters.Notices;

/// <summary>
/// Posts notices over HTTP. Of an answer only its status is read: a receiver that says much costs nothing.
/// </summary>
internal sealed class HttpWebhookClient(IHttpClientFactory clients) : IWebhookClient
{
    public const string ClientName = "webhook";

    public async Task<WebhookResponse> PostAsync(
        Uri url, IReadOnlyDictionary<string, string> headers, string body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.UserAgent.ParseAdd($"Freeway/{ProductVersion.Current}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new WebhookResponse((int)response.StatusCode, null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return new WebhookResponse(null, Reason(failure));
        }
    }

    /// <summary>A few words that hold neither the address nor what is behind it.</summary>
    private static string Reason(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PrivateAddressException)
            {
                return cause.Message;
            }
        }

        return failure is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error }
            ? error.WireName().Replace('_', ' ')
            : "the connection failed";
    }
}

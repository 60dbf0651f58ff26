using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>What operators send.</summary>
internal static class AdminCalls
{
    /// <summary>A client with the operator's key of the settings.</summary>
    public static HttpClient Admin(this TestGateway gateway) => gateway.Client(gateway.Host.AdminKey!);

    /// <param name="path">Below <c>api/v1/admin/</c>.</param>
    /// <param name="once">Its <c>Idempotency-Key</c>.</param>
    /// <param name="ifMatch">An <c>ETag</c>.</param>
    public static async Task<HttpResponseMessage> OrderAsync(
        this HttpClient client, string method, string path, string? body = null, string? once = null, EntityTagHeaderValue? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/v1/admin/" + path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (once is not null)
        {
            request.Headers.Add("Idempotency-Key", once);
        }

        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(ifMatch);
        }

        return await client.SendAsync(request);
    }

    /// <summary>The same where it goes well: what it answers.</summary>
    public static async Task<JsonElement> DoneAsync(this HttpClient client, string method, string path, string? body = null, string? once = null)
    {
        using var response = await client.OrderAsync(method, path, body, once);
        var answer = await response.JsonAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path} answered {(int)response.StatusCode}: {answer.GetRawText()}");
        return answer;
    }

    /// <summary>A new org with one key, and a client with that key.</summary>
    public static async Task<HttpClient> NewOrgAsync(this TestGateway gateway, HttpClient admin, string org, string key = "{}", string more = "")
    {
        await admin.DoneAsync("POST", "orgs", $$"""{"id":"{{org}}"{{more}}}""");
        return gateway.Client((await admin.DoneAsync("POST", $"orgs/{org}/keys", key)).GetProperty("secret").GetString());
    }
}

using System.Text.Json;
using Freeway.FrontDoor.Tests.Support;

namespace Freeway.FrontDoor.Tests.Notices;

/// <summary>What tests of notices do again and again.</summary>
internal static class NoticeCalls
{
    /// <summary>Makes a webhook.</summary>
    /// <param name="org">Whose; null for the deployment's.</param>
    /// <returns>Its secret.</returns>
    public static async Task<string> HookAsync(this HttpClient admin, WebhookReceiver receiver, string? org, params string[] events)
    {
        var path = org is null ? "webhook" : $"orgs/{org}/webhook";
        var body = events.Length is 0 ? $$"""{"url":"{{receiver.Url}}"}""" : $$"""{"url":"{{receiver.Url}}","events":{{JsonSerializer.Serialize(events)}}}""";
        return (await admin.DoneAsync("PUT", path, body)).GetProperty("secret").GetString()!;
    }

    /// <summary>What a receiver has, once it has so many.</summary>
    public static Task<IReadOnlyList<ReceivedNotice>> GotAsync(this WebhookReceiver receiver, int count) =>
        Eventually.GetAsync(() => Task.FromResult(receiver.Received), got => got.Count >= count);

    /// <summary>The notices as the operator sees them, once they fit.</summary>
    public static Task<IReadOnlyList<JsonElement>> NoticesAsync(
        this TestGateway gateway, HttpClient admin, string query, Func<IReadOnlyList<JsonElement>, bool> fits) =>
        Eventually.GetAsync(
            async () => (IReadOnlyList<JsonElement>)[.. (await gateway.GetAsync("api/v1/admin/notices" + query, admin)).GetProperty("data").EnumerateArray()],
            fits);

    /// <summary>Waits until so many are delivered; only then a test may move the clock on, or a try under way ends.</summary>
    public static Task DeliveredAsync(this TestGateway gateway, HttpClient admin, int count) =>
        gateway.NoticesAsync(admin, "?status=delivered", all => all.Count == count);

    /// <summary>Waits until no notice waits any more: what is not there then never comes.</summary>
    public static async Task AtRestAsync(this TestGateway gateway, HttpClient admin, int records)
    {
        await gateway.ActivityAsync(records);
        await gateway.NoticesAsync(admin, "?status=waiting", waiting => waiting.Count is 0);
    }
}

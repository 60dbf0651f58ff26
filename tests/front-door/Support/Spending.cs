using System.Net;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>Uses up quotas.</summary>
internal static class Spending
{
    /// <summary>Sends so many requests one after the other, which must all be admitted.</summary>
    public static async Task SpendAsync(this TestGateway gateway, string slug, int times = 10)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await gateway.ChatAsync(slug);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            await response.Content.ReadAsStringAsync();
        }
    }
}

using System.Globalization;
using System.Net;

namespace Freeway.FrontDoor.Tests.Support;

/// <summary>Uses up quotas.</summary>
internal static class Spending
{
    /// <summary>When the UTC day of a gateway ends, as answers say it.</summary>
    public static string NextMidnight(this TestGateway gateway) =>
        gateway.Now.UtcDateTime.Date.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Notices;

/// <summary>
/// Signs what is sent to receivers in the form of Standard Webhooks: HMAC-SHA256 over id, time and body, so that a
/// receiver knows who sent it and when. Any library for that form can check it.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The headers that go with a body.</summary>
    /// <param name="secrets">Each signs; receivers take any signature that fits, so that secrets can be rotated.</param>
    /// <param name="now">When it is sent: receivers refuse what is older than some minutes.</param>
    public static IReadOnlyDictionary<string, string> Headers(
        string id, string body, IEnumerable<string> secrets, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{id}.{time}.{body}");
        return new Dictionary<string, string>
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = time,
            ["webhook-signature"] = string.Join(' ', secrets.Select(secret => $"v1,{Sign(secret, signed)}")),
        };
    }

    private static string Sign(string secret, byte[] signed) => Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(secret[Webhook.SecretPrefix.Length..]), signed));
}

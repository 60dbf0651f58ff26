using System.Buffers.Text;
using System.Security.Cryptography;

namespace Freeway.Gateway.Keys;

/// <summary>Makes the secret of a new key: <c>fw-</c> and 256 random bits in base64url.</summary>
public static class KeySecret
{
    public const string Prefix = "fw-";

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Upstreams;

/// <summary>
/// Identifies one API key of an upstream, or one account whose keys share its limits. The upstream's limits are counted
/// by it, so a new key begins with whole limits.
/// </summary>
/// <param name="Value">
/// The name of the partition in the ledger. It has a vertical bar, which no organisation's id has, so that the
/// two never meet. The API key is in it only as a hash.
/// </param>
public readonly record struct UpstreamKeyId(string Value)
{
    /// <param name="upstream">The upstream's name in the catalogue.</param>
    /// <param name="apiKey">Null for an upstream that needs none.</param>
    public static UpstreamKeyId Of(string upstream, string? apiKey) =>
        new($"upstream|{upstream}|{Hash(apiKey ?? "")[..16]}");

    /// <summary>
    /// The id of an account whose keys share its limits. No key's own id is the same: that one would end with a hash.
    /// </summary>
    public static UpstreamKeyId OfAccount(string account) => new($"upstream|{account}|account");

    public override string ToString() => Value;

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>
/// Identifies one API key of an upstream at one address. Breaker, parking and latencies are kept by it, so a new
/// address begins as a healthy one.
/// </summary>
/// <param name="Value">The address may hold a secret, so it is in the value only as a hash.</param>
public readonly record struct UpstreamEndpointId(string Value)
{
    public static UpstreamEndpointId Of(UpstreamKeyId key, Uri address) =>
        new($"{key}|{UpstreamKeyId.Hash(address.AbsoluteUri)[..8]}");

    public override string ToString() => Value;
}

using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.Audit;

/// <summary>What makes a repeated command one: kept beside the change that it led to, for as long as that.</summary>
/// <param name="Key">A hash of the <c>Idempotency-Key</c> and whose it is.</param>
/// <param name="Asked">A hash of what was asked, so that another question under the same key is found out.</param>
/// <param name="Answer">What a repeat is to be told beside the document, as JSON without secrets; null for nothing.</param>
public sealed record Once(string Key, string Asked, string? Answer = null)
{
    /// <param name="by">The management key's id: keys of two operators do not meet.</param>
    /// <param name="action">What is done, and to what.</param>
    public static Once Of(string by, string key, string action, ReadOnlySpan<byte> body) => new(
        Hash(Encoding.UTF8.GetBytes($"{by}\n{key}")),
        Hash([.. Encoding.UTF8.GetBytes($"{action}\n"), .. body]));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

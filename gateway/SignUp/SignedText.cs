using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.SignUp;

/// <summary>
/// Signs texts that leave the deployment and come back: the cookie of a sign-in, and invitations. A text is readable to
/// who holds it, cannot be changed, is good for one purpose, and ends.
/// </summary>
/// <param name="store">Has the deployment's 256 random bits, from which the key is derived.</param>
public sealed class SignedText(IEndUserSaltStore store, TimeProvider clock)
{
    private const int SecretBytes = 32;

    private readonly AsyncLock _turn = new();
    private volatile byte[]? _key;

    /// <exception cref="IOException">The key is not known yet, and its store is out of reach.</exception>
    public async ValueTask<string> WriteAsync(
        string purpose, string text, DateTimeOffset end, CancellationToken cancellation)
    {
        var seconds = end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var content = Encoding.UTF8.GetBytes($"{seconds}\n{text}");
        var mark = Sign(await KeyAsync(cancellation), purpose, content);
        return $"{Base64Url.EncodeToString(content)}.{Base64Url.EncodeToString(mark)}";
    }

    /// <summary>Reads a text back; null where it was not signed here for this purpose, or has ended.</summary>
    /// <exception cref="IOException">The key is not known yet, and its store is out of reach.</exception>
    public async ValueTask<string?> ReadAsync(string purpose, string signed, CancellationToken cancellation)
    {
        if (signed.Split('.') is not [var first, var second] || !Base64Url.IsValid(first) || !Base64Url.IsValid(second))
        {
            return null;
        }

        var (content, mark) = (Base64Url.DecodeFromChars(first), Base64Url.DecodeFromChars(second));
        var own = Sign(await KeyAsync(cancellation), purpose, content);
        if (!CryptographicOperations.FixedTimeEquals(own, mark))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(content);
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var end = DateTimeOffset.FromUnixTimeSeconds(long.Parse(text.AsSpan(0, line), CultureInfo.InvariantCulture));
        return clock.GetUtcNow() < end ? text[(line + 1)..] : null;
    }

    /// <summary>Hashes what must be recognised again and not be read: 16 lower-case hex digits.</summary>
    /// <exception cref="IOException">The key is not known yet, and its store is out of reach.</exception>
    public async ValueTask<string> HashAsync(string purpose, string text, CancellationToken cancellation) =>
        Convert.ToHexStringLower(
            Sign(await KeyAsync(cancellation), purpose, Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    /// <summary>The purpose is signed too: what was signed for one is nothing to another.</summary>
    private static byte[] Sign(byte[] key, string purpose, ReadOnlySpan<byte> content) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(purpose), (byte)'\n', .. content]);

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellation)
    {
        if (_key is { } known)
        {
            return known;
        }

        using (await _turn.EnterAsync(cancellation))
        {
            return _key ??= HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                await store.GetOrAddAsync(RandomNumberGenerator.GetBytes(SecretBytes), cancellation),
                SecretBytes,
                info: "freeway sign-up"u8.ToArray());
        }
    }
}

using System.Numerics;
using System.Security.Cryptography;

namespace Freeway.Gateway.Identity;

/// <summary>
/// The secret of a key: a prefix that says what it is for, 256 random bits as 43 digits and letters, and a checksum of
/// all that as 6 more. So scanners find it wherever it leaked, and one that was copied wrong is known as such without a
/// look at the store.
/// </summary>
public static class KeySecret
{
    /// <summary>The prefix that secret scanners may look for.</summary>
    public const string Pattern = "fw[km]_[0-9A-Za-z]{49}";

    public const string ApiPrefix = "fwk_";
    public const string ManagementPrefix = "fwm_";

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomDigits = 43;
    private const int ChecksumDigits = 6;

    public static string Create(KeyType type = KeyType.Api)
    {
        var body = (type is KeyType.Api ? ApiPrefix : ManagementPrefix)
            + Write(new BigInteger(RandomNumberGenerator.GetBytes(32), isUnsigned: true), RandomDigits);
        return body + Checksum(body);
    }

    /// <summary>
    /// Reads from a secret's prefix what kind of key it belongs to; null where it has no known prefix, so that only its
    /// hash can tell.
    /// </summary>
    public static KeyType? TypeOf(string secret) =>
        secret.StartsWith(ApiPrefix, StringComparison.Ordinal) ? KeyType.Api
        : secret.StartsWith(ManagementPrefix, StringComparison.Ordinal) ? KeyType.Management
        : null;

    /// <summary>
    /// Tells whether a text has one of Freeway's prefixes and yet cannot be a secret that it made: its length or its
    /// checksum is wrong.
    /// </summary>
    public static bool IsMistyped(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return TypeOf(secret) is not null
            && (secret.Length != ApiPrefix.Length + RandomDigits + ChecksumDigits || Checksum(secret.AsSpan(..^ChecksumDigits)) != secret[^ChecksumDigits..]);
    }

    /// <summary>CRC-32C of the ASCII text.</summary>
    private static string Checksum(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var sign in text)
        {
            crc = BitOperations.Crc32C(crc, (byte)sign);
        }

        return string.Create(ChecksumDigits, ~crc, static (text, left) =>
        {
            for (var index = text.Length - 1; index >= 0; index--)
            {
                (left, var digit) = Math.DivRem(left, (uint)Digits.Length);
                text[index] = Digits[(int)digit];
            }
        });
    }

    private static string Write(BigInteger number, int length) => string.Create(length, number, static (text, left) =>
    {
        for (var index = text.Length - 1; index >= 0; index--)
        {
            left = BigInteger.DivRem(left, Digits.Length, out var digit);
            text[index] = Digits[(int)digit];
        }
    });
}

/// <summary>The kinds of keys.</summary>
public enum KeyType
{
    /// <summary>Requests of an org.</summary>
    Api,

    /// <summary>Administration.</summary>
    Management,
}

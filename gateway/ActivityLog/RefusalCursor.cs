using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Freeway.Gateway.ActivityLog;

/// <summary>A place among an org's refusals: just after this one, on the way from new to old. Opaque to callers.</summary>
/// <param name="Reason">Names the model, the variant, the code and the limit, see <see cref="ReasonOf"/>.</param>
public readonly record struct RefusalCursor(DateTimeOffset Minute, string Reason)
{
    private const int ReasonLength = 16;

    public static RefusalCursor After(RefusalKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(key.Minute, ReasonOf(key));
    }

    /// <summary>A short name of everything in a key but its org and minute; refusals of one minute are in its order.</summary>
    public static string ReasonOf(RefusalKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = string.Join('\n', key.Code, key.Limit, key.Model, key.Variant);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..ReasonLength];
    }

    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryParse(string text, out RefusalCursor cursor)
    {
        cursor = default;
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 100 || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('.');
        if (parts is not [var time, { Length: ReasonLength } reason]
            || !reason.All(char.IsAsciiHexDigitLower)
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        cursor = new(new DateTimeOffset(ticks, TimeSpan.Zero), reason);
        return true;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Minute.UtcTicks}.{Reason}")));
}

using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Freeway.Gateway.Views;

/// <summary>A place among lines of usage: just after this one. Opaque to callers.</summary>
/// <param name="Period">The first day of the line's period.</param>
/// <param name="Place">Where the line stands among those of its period, see <see cref="UsageGroup.Place"/>.</param>
public readonly record struct UsageCursor(DateOnly Period, string Place)
{
    private const int Longest = 4096;

    /// <returns>False where the text is no cursor of ours.</returns>
    public static bool TryParse(string text, out UsageCursor cursor)
    {
        cursor = default;
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > Longest || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('.', 2);
        if (parts is not [var day, var place] || !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var period))
        {
            return false;
        }

        cursor = new(period, place);
        return true;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Period:yyyy-MM-dd}.{Place}")));
}

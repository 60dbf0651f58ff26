using System.Globalization;
using System.Text;

namespace Freeway.Functions.Http;

/// <summary>Durations as OpenAI's rate-limit headers have them: <c>2m59.56s</c>, <c>12ms</c>, <c>6m0s</c>.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)time.TotalMilliseconds)}ms");
        }

        var text = new StringBuilder();
        var hours = (long)time.TotalHours;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (hours > 0 || time.Minutes > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.Minutes}m");
        }

        var seconds = time.Seconds + (time.Milliseconds / 1000m);
        return text.Append(CultureInfo.InvariantCulture, $"{seconds:0.###}s").ToString();
    }
}

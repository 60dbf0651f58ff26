using System.Globalization;

namespace Freeway.Gateway.Reconciliation;

/// <summary>When a window began, read from its id.</summary>
internal static class WindowStart
{
    private static readonly string[] Formats = ["yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd'T'HH", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>Null for a window that has no beginning.</summary>
    public static DateTimeOffset? Of(string window) =>
        DateTimeOffset.TryParseExact(window, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? start : null;
}
